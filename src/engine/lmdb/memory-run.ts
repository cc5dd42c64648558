import type { KeptMessage } from '../kept-message.js';
import { MessageList } from '../message-list.js';
import type { Position } from '../position.js';
import type { Evictable, Room } from './room.js';

/** The messages of one channel that are in memory and nowhere else (`durability: none`). */
export class MemoryRun implements Evictable {
  private readonly messages = new MessageList();

  constructor(private readonly room: Room) {}

  get length(): number {
    return this.messages.length;
  }

  get bytes(): number {
    return this.messages.bytes;
  }

  get plannedOldest(): KeptMessage | undefined {
    return this.messages.first;
  }

  keep(message: KeptMessage): void {
    this.messages.push(message);
    this.room.inMemory.add(1, message.cost);
  }

  behind({ position }: { readonly position: Position }): KeptMessage | undefined {
    return this.messages.next(position, Number.NEGATIVE_INFINITY);
  }

  planDrop(): void {
    const oldest = this.messages.shift();
    if (oldest) this.room.inMemory.add(-1, -oldest.cost);
  }

  next(after: Position, now: number): KeptMessage | undefined {
    return this.messages.next(after, now);
  }

  read(after: Position, limit: number, now: number): KeptMessage[] {
    return this.messages.read(after, limit, now);
  }

  leave(): void {
    this.room.inMemory.add(-this.length, -this.bytes);
    this.messages.clear();
  }
}
