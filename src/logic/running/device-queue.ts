import type { Lane, QueuedEvent } from './queued-event.js';

/** Events in the order they came, at most one of each device in hand. Every step is constant. */
export class DeviceQueue {
  /** events that wait */
  size = 0;
  /** of their payloads */
  bytes = 0;
  private readonly lanes = new Map<string, Lane>();
  private firstReady: Lane | undefined;
  private lastReady: Lane | undefined;

  add(event: QueuedEvent): void {
    this.size++;
    this.bytes += event.body.length;
    let lane = this.lanes.get(event.device);
    if (lane) {
      event.lane = lane;
      if (lane.last) lane.last.next = event;
      else lane.first = event;
      lane.last = event;
      return;
    }
    lane = { first: event, last: event, nextReady: undefined };
    event.lane = lane;
    this.lanes.set(event.device, lane);
    this.makeReady(lane);
  }

  /** Hands out an event; those behind it of the same device wait until it is released. */
  take(): QueuedEvent | undefined {
    const lane = this.firstReady;
    const event = lane?.first;
    if (!lane || !event) return undefined;
    this.firstReady = lane.nextReady;
    if (!this.firstReady) this.lastReady = undefined;
    lane.nextReady = undefined;
    lane.first = event.next;
    if (!lane.first) lane.last = undefined;
    this.size--;
    this.bytes -= event.body.length;
    return event;
  }

  /** The next event of the same device may be taken. Called once for each event that was taken. */
  release({ lane, device }: QueuedEvent): void {
    if (!lane) return;
    if (lane.first) this.makeReady(lane);
    else this.lanes.delete(device);
  }

  /** Forgets what waits, at the end: nothing is added or released afterwards. Returns how many events that were. */
  clear(): number {
    const { size } = this;
    this.lanes.clear();
    this.firstReady = undefined;
    this.lastReady = undefined;
    this.size = 0;
    this.bytes = 0;
    return size;
  }

  private makeReady(lane: Lane): void {
    if (this.lastReady) this.lastReady.nextReady = lane;
    else this.firstReady = lane;
    this.lastReady = lane;
  }
}
