import { type Command, isInFlight } from '../life/command.js';

/** The lane that passes all others. */
export const URGENT = 'urgent';
/** The lane of commands that name none. */
export const MAIN = 'main';

interface Lane {
  inFlight: number;
  /** the command that is next; those behind it wait for it, also when it may not go yet */
  head: Command | undefined;
}

/**
 * The command that a device is given next; undefined when none may go. Within a lane they go by priority and then in
 * the order they were sent; one that waits before it is given again holds up its lane, so that order is kept.
 * @param commands all of one device that have not ended
 * @param atOnce how many of a lane may be in flight
 */
export function chooseNext(commands: Iterable<Command>, now: number, atOnce: number): Command | undefined {
  let best: Command | undefined;
  for (const { head, inFlight } of lanesOf(commands).values()) {
    if (!head || inFlight >= atOnce || !mayGo(head, now)) continue;
    if (!best || passes(head, best)) best = head;
  }
  return best;
}

function lanesOf(commands: Iterable<Command>): Map<string, Lane> {
  const lanes = new Map<string, Lane>();
  for (const command of commands) {
    const { state } = command;
    if (state.is !== 'QUEUED' && !isInFlight(state)) continue;
    let lane = lanes.get(command.lane);
    if (!lane) {
      lane = { inFlight: 0, head: undefined };
      lanes.set(command.lane, lane);
    }
    if (state.is !== 'QUEUED') lane.inFlight++;
    else if (!lane.head || goesBefore(command, lane.head)) lane.head = command;
  }
  return lanes;
}

function mayGo({ state, expiresAt }: Command, now: number): boolean {
  return state.is === 'QUEUED' && state.readyAt <= now && now < expiresAt;
}

/** Among the heads of lanes. */
function passes(command: Command, other: Command): boolean {
  const isUrgent = command.lane === URGENT;
  if (isUrgent !== (other.lane === URGENT)) return isUrgent;
  return goesBefore(command, other);
}

function goesBefore(command: Command, other: Command): boolean {
  if (command.priority !== other.priority) return command.priority > other.priority;
  return command.seq < other.seq;
}
