/** What waits in a lane queue. The queue owns `lane` and `next`. */
export interface Queued<Item> {
  /** those of one key are taken one after the other */
  readonly key: string;
  readonly bytes: number;
  lane: Lane<Item> | undefined;
  next: Item | undefined;
}

/** What waits for one key, in order. */
export interface Lane<Item> {
  first: Item | undefined;
  last: Item | undefined;
  /** behind this one among those whose next item may be taken */
  nextReady: Lane<Item> | undefined;
}

/** Items in the order they came, at most one of each key in hand. Every step is constant. */
export class LaneQueue<Item extends Queued<Item>> {
  /** items that wait */
  size = 0;
  bytes = 0;
  private readonly lanes = new Map<string, Lane<Item>>();
  private firstReady: Lane<Item> | undefined;
  private lastReady: Lane<Item> | undefined;

  add(item: Item): void {
    this.size++;
    this.bytes += item.bytes;
    let lane = this.lanes.get(item.key);
    if (lane) {
      item.lane = lane;
      if (lane.last) lane.last.next = item;
      else lane.first = item;
      lane.last = item;
      return;
    }
    lane = { first: item, last: item, nextReady: undefined };
    item.lane = lane;
    this.lanes.set(item.key, lane);
    this.makeReady(lane);
  }

  /** Hands out an item; those behind it of the same key wait until it is released. */
  take(): Item | undefined {
    const lane = this.firstReady;
    const item = lane?.first;
    if (!lane || !item) return undefined;
    this.firstReady = lane.nextReady;
    if (!this.firstReady) this.lastReady = undefined;
    lane.nextReady = undefined;
    lane.first = item.next;
    if (!lane.first) lane.last = undefined;
    item.next = undefined;
    this.size--;
    this.bytes -= item.bytes;
    return item;
  }

  /** The next item of the same key may be taken. Called once for each item that was taken and not put back. */
  release({ lane, key }: Item): void {
    if (!lane) return;
    if (lane.first) this.makeReady(lane);
    else this.lanes.delete(key);
  }

  /** An item that was taken is to be taken again, before those behind it of the same key. */
  putBack(item: Item): void {
    const lane = this.returnToLane(item);
    if (lane) this.makeReady(lane);
  }

  /** The same, and before those of all other keys. */
  putFirst(item: Item): void {
    const lane = this.returnToLane(item);
    if (!lane) return;
    lane.nextReady = this.firstReady;
    this.firstReady = lane;
    this.lastReady ??= lane;
  }

  /** Forgets what waits, at the end: nothing is added or released afterwards. Returns how many items that were. */
  clear(): number {
    const { size } = this;
    this.lanes.clear();
    this.firstReady = undefined;
    this.lastReady = undefined;
    this.size = 0;
    this.bytes = 0;
    return size;
  }

  private returnToLane(item: Item): Lane<Item> | undefined {
    const { lane } = item;
    if (!lane) return undefined;
    this.size++;
    this.bytes += item.bytes;
    item.next = lane.first;
    lane.first = item;
    lane.last ??= item;
    return lane;
  }

  private makeReady(lane: Lane<Item>): void {
    if (this.lastReady) this.lastReady.nextReady = lane;
    else this.firstReady = lane;
    this.lastReady = lane;
  }
}
