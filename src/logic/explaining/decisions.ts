import { Buffer } from 'node:buffer';
import type { Position } from '../../engine/position.js';
import type { Job } from '../running/job.js';

/** What became of an event, or of an outcome, with one handler. */
export interface Decision {
  /** unix ms */
  readonly at: number;
  readonly handler: string;
  readonly channel: string;
  readonly position: Position;
  /** `failed`: it is tried again */
  readonly is: 'done' | 'skipped' | 'invalid' | 'failed' | 'buried';
  /** the attempt that it was */
  readonly attempt: number;
  /** what was asked for and done */
  readonly effects: number;
  /** why it was skipped, or what was wrong */
  readonly reason: string;
}

/** Characters of a reason that are kept. */
const MAX_REASON_LENGTH = 500;

/**
 * What the last turns of a plugin came to, in memory: a restart begins anew. Of one more than are kept the oldest is
 * forgotten.
 */
export class Decisions {
  private readonly ring: Decision[] = [];
  private next = 0;

  /** @param size decisions that are kept */
  constructor(readonly size: number) {}

  /** when the oldest of those kept was made, unix ms; undefined: there is none */
  get since(): number | undefined {
    return (this.ring[this.next] ?? this.ring[0])?.at;
  }

  /** True once some were forgotten. */
  get isFull(): boolean {
    return this.ring.length === this.size;
  }

  /** @param what beside what the job says; turns for timers and the outbox are not noted */
  note({ handler, input, failures }: Job, at: number, what: Pick<Decision, 'is' | 'effects' | 'reason'>): void {
    if (!('channel' in input)) return;
    const { is, effects } = what;
    const attempt = is === 'failed' || is === 'buried' ? failures : failures + 1;
    const reason = copyOf(what.reason.slice(0, MAX_REASON_LENGTH));
    const { channel, position } = input;
    this.ring[this.next] = { at, handler: handler.name, channel, position, is, attempt, effects, reason };
    this.next = (this.next + 1) % this.size;
  }

  /** Of one event, the oldest first. */
  about(channel: string, position: Position): readonly Decision[] {
    const found = this.ring.filter((each) => each.position === position && each.channel === channel);
    return found.sort((a, b) => a.at - b.at);
  }
}

/** A part of a text keeps all of the text in memory, which may be a payload; a copy keeps only itself. */
function copyOf(text: string): string {
  return text === '' ? '' : Buffer.from(text).toString();
}
