import type { Deadlined } from '../channels/deadline-wheel.js';
import { BlackBox, markOf, NOTED, type Said } from './black-box.js';
import { FIRST_PATIENCE_MS } from './contact-gap.js';
import { type ContactFact, deadlineOf, NEVER_SEEN, nextPresence, type Presence } from './presence.js';

/** What a device asks of the fleet that it is one of. */
export interface DeviceFleet {
  /** ms of Clock.uptime, whole */
  uptime(): number;
  /** That moment in unix ms; right after the clock was set, a second behind. */
  wallTime(uptime: number): number;
  /** Called after every change of a device's presence. */
  moved(device: TrackedDevice, was: Presence, uptime: number): void;
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
  /** its patience when that was last written down, ms */
  recordedPatienceMs = FIRST_PATIENCE_MS;
  /** it was deleted; what it still does counts for nothing */
  isForgotten = false;
  readonly blackBox = new BlackBox();

  constructor(
    readonly id: string,
    private readonly fleet: DeviceFleet,
  ) {}

  pollOpened(): void {
    this.heard(NOTED.pollOpened, 'opened');
  }

  /**
   * @param answer the status that it was answered with, or one of NOTED; undefined: the client left
   * @param seq of the command that it was answered with, 0 for none
   */
  pollEnded(answer: number | undefined, seq = 0): void {
    const uptime = this.fleet.uptime();
    this.blackBox.note(this.fleet.wallTime(uptime), answer ?? NOTED.clientLeft, seq);
    this.step('closed', uptime);
  }

  /** A request came that does not wait, such as an event. @param what one of NOTED; 0: `said` follows */
  contacted(what: number = NOTED.event): void {
    this.heard(what, 'contact');
  }

  /** What it said of a command, and how that was taken. @param seq of the command, 0 when it is not known */
  said(said: Said, seq: number): void {
    this.note(markOf(said), seq);
  }

  /** Writes down a step that says nothing of its presence. @param what one of NOTED, or a mark */
  note(what: number, seq = 0): void {
    this.blackBox.note(this.fleet.wallTime(this.fleet.uptime()), what, seq);
  }

  /** Its deadline has come. */
  expire(): void {
    this.step('due', this.fleet.uptime());
  }

  /** When it should be heard of at the latest, unix ms: now while it listens; undefined when nothing can be said. */
  get nextContactBy(): number | undefined {
    const { state } = this.presence;
    if (state === 'listening') return this.fleet.wallTime(this.fleet.uptime());
    return state === 'expected' ? this.fleet.wallTime(deadlineOf(this.presence) as number) : undefined;
  }

  private heard(what: number, fact: ContactFact): void {
    // The clock is asked once a fact: on some machines that costs more than all the rest.
    const uptime = this.fleet.uptime();
    this.lastContactAt = this.fleet.wallTime(uptime);
    if (what > 0) this.blackBox.note(this.lastContactAt, what);
    this.step(fact, uptime);
  }

  private step(fact: ContactFact, uptime: number): void {
    const was = this.presence;
    this.presence = nextPresence(was, fact, uptime);
    if (this.presence !== was) this.fleet.moved(this, was, uptime);
  }
}
