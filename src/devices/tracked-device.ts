import type { Deadlined } from '../channels/deadline-wheel.js';
import { BlackBox, NOTED } from './black-box.js';
import { type ContactFact, deadlineOf, NEVER_SEEN, nextPresence, type Presence } from './presence.js';

/** What a device asks of the fleet that it is one of. */
export interface DeviceFleet {
  /** unix ms */
  now(): number;
  /** ms of Clock.uptime, whole */
  uptime(): number;
  /** Called after every change of a device's presence. */
  moved(device: TrackedDevice, was: Presence): void;
}

/**
 * One registered device as the hub keeps it in memory: its presence and the last steps it took. A poll costs it two calls
 * and no timer.
 */
export class TrackedDevice implements Deadlined {
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;
  presence: Presence = NEVER_SEEN;
  /** unix ms of the last byte that came from it; undefined: none since the hub started */
  lastContactAt: number | undefined = undefined;
  /** what its presence was like when its patience was last written down, ms; 0: never */
  recordedPatienceMs = 0;
  readonly blackBox = new BlackBox();

  constructor(
    readonly id: string,
    private readonly fleet: DeviceFleet,
  ) {}

  pollOpened(): void {
    this.heard(NOTED.pollOpened, 'opened');
  }

  /** @param status that it was answered with; undefined: the client left */
  pollEnded(status: number | undefined): void {
    this.blackBox.note(this.fleet.now(), status ?? NOTED.clientLeft);
    this.step('closed');
  }

  /** A request came that does not wait, such as an event. */
  contacted(): void {
    this.heard(NOTED.event, 'contact');
  }

  /** Its deadline has come. */
  expire(): void {
    this.step('due');
  }

  /** When it should be heard of at the latest, unix ms: now while it listens; undefined when nothing can be said. */
  get nextContactBy(): number | undefined {
    const { state } = this.presence;
    if (state === 'listening') return this.fleet.now();
    if (state !== 'expected') return undefined;
    return this.fleet.now() + (deadlineOf(this.presence) as number) - this.fleet.uptime();
  }

  private heard(what: number, fact: ContactFact): void {
    this.lastContactAt = this.fleet.now();
    this.blackBox.note(this.lastContactAt, what);
    this.step(fact);
  }

  private step(fact: ContactFact): void {
    const was = this.presence;
    this.presence = nextPresence(was, fact, this.fleet.uptime());
    if (this.presence !== was) this.fleet.moved(this, was);
  }
}
