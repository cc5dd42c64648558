import { added } from '../../channels/with-one.js';
import { type Command, isInFlight } from '../life/command.js';
import { ById } from './by-id.js';

/** The lane that passes all others. */
export const URGENT = 'urgent';
/** The lane of commands that name none. */
export const MAIN = 'main';

interface Lane {
  readonly id: string;
  inFlight: number;
  /** those that are queued, the next one first; those behind it wait for it, also when it may not go yet */
  queued: Command[];
}

/**
 * Which command a device is given next. Within a lane they go by priority and then in the order they were sent; one that
 * waits before it is given again holds up its lane, so that order is kept. A step costs some ten comparisons.
 */
export class Lanes {
  private readonly lanes = new ById<Lane>();

  /** A command that waits or is in flight; others are left alone. */
  add(command: Command): void {
    const { state } = command;
    if (state.is === 'QUEUED') {
      putIn(this.lane(command.lane), command);
    } else if (isInFlight(state)) {
      this.lane(command.lane).inFlight++;
    }
  }

  /** A command as it was added. */
  remove(command: Command): void {
    const lane = this.lanes.get(command.lane);
    if (!lane) return;
    if (command.state.is === 'QUEUED') takeOut(lane.queued, command);
    else if (isInFlight(command.state)) lane.inFlight--;
    // The main lane stays: it is in use again with the next command.
    if (lane.inFlight === 0 && lane.queued.length === 0 && command.lane !== MAIN) this.lanes.delete(command.lane);
  }

  /**
   * The command that is to go; undefined when none may.
   * @param atOnce how many of a lane may be in flight
   */
  next(now: number, atOnce: number): Command | undefined {
    let best: Command | undefined;
    for (const { queued, inFlight } of this.lanes.few ?? this.lanes.values()) {
      const first = queued[0];
      if (!first || inFlight >= atOnce || !mayGo(first, now)) continue;
      if (!best || passes(first, best)) best = first;
    }
    return best;
  }

  /** When the first of a lane may go that may not go yet, unix ms. */
  nextReady(now: number): number | undefined {
    let next: number | undefined;
    for (const { queued } of this.lanes.few ?? this.lanes.values()) {
      const state = queued[0]?.state;
      if (state?.is !== 'QUEUED' || state.readyAt <= now) continue;
      if (next === undefined || state.readyAt < next) next = state.readyAt;
    }
    return next;
  }

  private lane(name: string): Lane {
    const known = this.lanes.get(name);
    if (known) return known;
    const lane = { id: name, inFlight: 0, queued: [] };
    this.lanes.put(lane);
    return lane;
  }
}

function putIn(lane: Lane, command: Command): void {
  const { queued } = lane;
  const place = placeOf(queued, command);
  if (place === queued.length) lane.queued = added(queued, command);
  else queued.splice(place, 0, command);
}

function takeOut(queued: Command[], command: Command): void {
  const place = placeOf(queued, command);
  if (place === queued.length - 1) queued.pop();
  else queued.splice(place, 1);
}

/** Index of the first that does not go before `command`. */
function placeOf(queued: readonly Command[], command: Command): number {
  let low = 0;
  let high = queued.length;
  // Most come last.
  if (high > 0 && goesBefore(queued[high - 1] as Command, command)) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (goesBefore(queued[middle] as Command, command)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mayGo({ state, expiresAt }: Command, now: number): boolean {
  return state.is === 'QUEUED' && state.readyAt <= now && now < expiresAt;
}

/** Among the first of lanes. */
function passes(command: Command, other: Command): boolean {
  const isUrgent = command.lane === URGENT;
  if (isUrgent !== (other.lane === URGENT)) return isUrgent;
  return goesBefore(command, other);
}

function goesBefore(command: Command, other: Command): boolean {
  if (command.priority !== other.priority) return command.priority > other.priority;
  return command.seq < other.seq;
}
