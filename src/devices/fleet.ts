import type { Clock } from '../channels/clock.js';
import { DeadlineWheel } from '../channels/deadline-wheel.js';
import { HubError } from '../channels/hub-error.js';
import { patienceMs } from './contact-gap.js';
import { deadlineOf, type Presence, type PresenceState, restoredPresence } from './presence.js';
import type { PresenceRecord } from './presence-record.js';
import { type DeviceFleet, TrackedDevice } from './tracked-device.js';

export interface FleetLimits {
  /** devices that are registered at a time */
  readonly maxDevices: number;
}

/** A change of presence that others are told of. Listening and expected are one: the breathing of a device that polls. */
export interface PresenceChange {
  readonly device: TrackedDevice;
  readonly was: Presence;
}

/** How long the fleet has to come back after a restart, and over how long the deadlines are spread. */
const RESTART_GRACE_MS = 60_000;
const RESTART_SPREAD_MS = 60_000;
/** prime to the spread, so that a small fleet is spread as evenly as a large one */
const SPREAD_STEP_MS = 7_919;
const TURN_MS = 1_000;

/** All registered devices in memory, with one deadline each on one wheel. */
export class Fleet implements DeviceFleet {
  private readonly byId = new Map<string, TrackedDevice>();
  private readonly counts: Record<PresenceState, number> = { listening: 0, expected: 0, late: 0, offline: 0 };
  private readonly wheel: DeadlineWheel;
  private readonly stopTurning: () => void;
  /** unix ms at uptime 0, as of the last turn */
  private wallAtStart: number;
  /** Told of each change of presence, and when a device's patience has doubled or halved; set by who writes them down. */
  onChange: (change: PresenceChange) => void = () => {};
  onPatience: (device: TrackedDevice) => void = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly limits: FleetLimits,
  ) {
    this.wheel = new DeadlineWheel(() => clock.uptime());
    this.wallAtStart = Math.round(clock.now() - clock.uptime());
    this.stopTurning = clock.every(
      TURN_MS,
      () => this.turn(),
      () => this.nextTurnAt,
    );
  }

  /** of all devices, also of those that come while it is gone through */
  ids(): Iterable<string> {
    return this.byId.keys();
  }

  get size(): number {
    return this.byId.size;
  }

  /** Devices that time will move on. */
  get deadlines(): number {
    return this.wheel.size;
  }

  /** How many devices there are of each presence. */
  get presences(): Readonly<Record<PresenceState, number>> {
    return this.counts;
  }

  find(id: string): TrackedDevice | undefined {
    return this.byId.get(id);
  }

  get hasRoom(): boolean {
    return this.byId.size < this.limits.maxDevices;
  }

  /** Adds a device that was never heard of. @throws HubError `device_limit` */
  add(id: string): TrackedDevice {
    if (!this.hasRoom) {
      throw new HubError(
        'device_limit',
        `The hub has ${this.byId.size} devices, as many as devices.max_devices allows; "${id}" was not registered. ` +
          'Delete devices that are gone, or raise the limit.',
      );
    }
    const device = new TrackedDevice(id, this);
    this.insert(device);
    return device;
  }

  /**
   * Adds a device that was known before. It is expected, unless it was offline when the hub last knew of it.
   * @param record what was written down of its presence; undefined: nothing, as of one that was just registered
   */
  restore(id: string, record: PresenceRecord | undefined): TrackedDevice {
    const device = new TrackedDevice(id, this);
    this.insert(device);
    if (!record) return device;
    const { gap, lastContactAt, isOffline } = record;
    device.lastContactAt = lastContactAt;
    device.recordedPatienceMs = patienceMs(gap);
    if (isOffline) {
      device.presence = { state: 'offline', lastContactAt: undefined, gap };
      return device;
    }
    // Spread, so that the deadlines of a fleet that is really gone do not fall into one second.
    const grace = RESTART_GRACE_MS + ((this.byId.size * SPREAD_STEP_MS) % RESTART_SPREAD_MS);
    const was = device.presence;
    const uptime = this.uptime();
    device.presence = restoredPresence(gap, uptime, grace);
    this.settle(device, was, uptime);
    return device;
  }

  /** Forgets a device. What still points to it changes nothing any more. */
  remove(device: TrackedDevice): void {
    if (device.isForgotten) return;
    device.isForgotten = true;
    this.byId.delete(device.id);
    this.counts[device.presence.state]--;
    this.wheel.disarm(device);
  }

  uptime(): number {
    return Math.floor(this.clock.uptime());
  }

  wallTime(uptime: number): number {
    return this.wallAtStart + uptime;
  }

  moved(device: TrackedDevice, was: Presence, uptime: number): void {
    if (device.isForgotten) return;
    this.settle(device, was, uptime);
    if (isPresent(was) !== isPresent(device.presence) || !isPresent(device.presence)) this.onChange({ device, was });
    else if (hasNewPatience(device)) this.onPatience(device);
  }

  close(): void {
    this.stopTurning();
  }

  private insert(device: TrackedDevice): void {
    this.byId.set(device.id, device);
    this.counts[device.presence.state]++;
  }

  /** ms of uptime; 0 when the machine's clock was set */
  private get nextTurnAt(): number {
    return this.wallAtStart === this.wallNow ? this.wheel.nextTurnAt : 0;
  }

  private get wallNow(): number {
    return Math.round(this.clock.now() - this.clock.uptime());
  }

  private turn(): void {
    this.wallAtStart = this.wallNow;
    this.wheel.turn();
  }

  /** Counts a device where it now belongs, and arms its next deadline. */
  private settle(device: TrackedDevice, was: Presence, uptime: number): void {
    const { state } = device.presence;
    if (state !== was.state) {
      this.counts[was.state]--;
      this.counts[state]++;
    }
    const deadline = deadlineOf(device.presence);
    if (deadline === undefined) this.wheel.disarm(device);
    else this.wheel.arm(device, deadline - uptime);
  }
}

/** True when a restart would judge the device by a patience that is far from the learned one. */
function hasNewPatience({ presence, recordedPatienceMs }: TrackedDevice): boolean {
  const patience = patienceMs(presence.gap);
  return patience > 2 * recordedPatienceMs || 2 * patience < recordedPatienceMs;
}

function isPresent({ state }: Presence): boolean {
  return state === 'listening' || state === 'expected';
}
