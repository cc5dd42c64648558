/** Something that waits until a moment. The wheel owns the two `wheel…` fields. */
export interface Deadlined {
  /** ms of Clock.uptime; Infinity while it waits without a deadline */
  dueAt: number;
  /** number of its slot since uptime 0; negative when it is in none */
  wheelSlot: number;
  wheelIndex: number;
  /** Called once, off the wheel, at most `SLOT_MS` late. */
  expire(): void;
}

const NEVER = Number.POSITIVE_INFINITY;
const NOWHERE = -1;
/** its slot is being opened: due, and not yet expired */
const OPENED = -2;
const SLOT_MS = 1000;
const SLOTS = 512;

/**
 * Any number of deadlines on one timer: 512 slots of a second. Arming and disarming are constant; a deadline further
 * away than the wheel is long stays in its slot and is looked at once a turn.
 */
export class DeadlineWheel {
  private readonly slots: Deadlined[][] = Array.from({ length: SLOTS }, () => []);
  private turnedTo: number;
  private armed = 0;

  constructor(private readonly uptime: () => number) {
    this.turnedTo = Math.floor(uptime() / SLOT_MS);
  }

  /** deadlines on the wheel */
  get size(): number {
    return this.armed;
  }

  /** Puts `item` on the wheel, due `inMs` from now; when it is on it already, that becomes its deadline. */
  arm(item: Deadlined, inMs: number): void {
    const dueAt = this.uptime() + inMs;
    // One slot further than the deadline's own, so that a slot is only opened when all of it is due.
    const slot = Math.max(Math.floor(dueAt / SLOT_MS), this.turnedTo) + 1;
    if (!isArmed(item)) this.armed++;
    item.dueAt = dueAt;
    // Put off: it stays where it is, and its slot moves it on when opened.
    if (item.wheelSlot >= 0 && item.wheelSlot <= slot) return;
    if (item.wheelSlot >= 0) this.takeOut(item);
    this.place(item, slot);
  }

  disarm(item: Deadlined): void {
    if (isArmed(item)) this.armed--;
    if (item.wheelSlot >= 0) this.takeOut(item);
    item.wheelSlot = NOWHERE;
  }

  /**
   * Takes an item's deadline away and leaves it in its slot: for one that will soon be armed again, which then costs no
   * more than writing the time down. One that must be let go of is disarmed.
   */
  suspend(item: Deadlined): void {
    if (!isArmed(item)) return;
    this.armed--;
    item.dueAt = NEVER;
  }

  /** ms of uptime before which a turn finds nothing to do; Infinity: nothing is on the wheel. It looks through all that is. */
  get nextTurnAt(): number {
    let first = NEVER;
    for (const slot of this.slots) for (const { wheelSlot } of slot) first = Math.min(first, wheelSlot);
    return first * SLOT_MS;
  }

  /** Expires what is due. Called about once a second; catches up when it was called late. */
  turn(): void {
    const now = this.uptime();
    const target = Math.floor(now / SLOT_MS);
    const steps = Math.min(target - this.turnedTo, SLOTS);
    const first = target - steps + 1;
    this.turnedTo = target;
    for (let step = 0; step < steps; step++) this.open((first + step) % SLOTS, now);
  }

  private open(index: number, now: number): void {
    const due = this.slots[index] as Deadlined[];
    if (due.length === 0) return;
    this.slots[index] = [];
    for (const item of due) {
      // Of a later turn of the wheel.
      if (item.wheelSlot > this.turnedTo) this.place(item, item.wheelSlot);
      else item.wheelSlot = OPENED;
    }
    for (const item of due) {
      // Disarmed, or armed anew, by what an earlier one of this slot did.
      if (item.wheelSlot !== OPENED) continue;
      item.wheelSlot = NOWHERE;
      if (item.dueAt === NEVER) continue;
      if (item.dueAt > now) {
        this.place(item, Math.floor(item.dueAt / SLOT_MS) + 1);
      } else {
        this.armed--;
        item.expire();
      }
    }
  }

  private place(item: Deadlined, slotNumber: number): void {
    const slot = this.slotOf(slotNumber);
    item.wheelSlot = slotNumber;
    item.wheelIndex = slot.length;
    slot.push(item);
  }

  private takeOut(item: Deadlined): void {
    const slot = this.slotOf(item.wheelSlot);
    const last = slot.pop() as Deadlined;
    if (last === item) return;
    slot[item.wheelIndex] = last;
    last.wheelIndex = item.wheelIndex;
  }

  private slotOf(slotNumber: number): Deadlined[] {
    return this.slots[slotNumber % SLOTS] as Deadlined[];
  }
}

function isArmed({ wheelSlot, dueAt }: Deadlined): boolean {
  return wheelSlot !== NOWHERE && dueAt !== NEVER;
}
