import { type ContactGap, learnGap, patienceMs } from './contact-gap.js';

/**
 * Whether a device that polls can be reached. Times are ms of Clock.uptime, which no operator can set.
 * @see docs/devices.md
 */
export type Presence =
  /** polls are open: a command arrives at once */
  | { readonly state: 'listening'; readonly polls: number; readonly gap: ContactGap | undefined }
  /** between two contacts; the next is due at `dueAt` */
  | Silent<'expected'>
  /** overdue; counts as gone at `dueAt` */
  | Silent<'late'>
  /** silent for longer than it ever used to be, or never seen */
  | { readonly state: 'offline'; readonly lastContactAt: number | undefined; readonly gap: ContactGap | undefined };

interface Silent<State> {
  readonly state: State;
  /** the end of the last contact; undefined: before the hub started */
  readonly lastContactAt: number | undefined;
  readonly dueAt: number;
  readonly gap: ContactGap | undefined;
}

export type PresenceState = Presence['state'];

/** What happens to a device's presence. `contact` is a request that does not wait, such as an event. */
export type ContactFact = 'opened' | 'closed' | 'contact' | 'due';

/** Of a device that the hub has never heard of. */
export const NEVER_SEEN: Presence = { state: 'offline', lastContactAt: undefined, gap: undefined };

/** The least that a late device is waited for before it counts as offline. */
const MIN_LATE_MS = 30_000;

/**
 * The presence after a fact. Only bytes from the device, `opened` and `contact`, bring it forward; time alone moves it one
 * step back at each deadline: expected, late, offline.
 * @param now ms of Clock.uptime
 */
export function nextPresence(presence: Presence, fact: ContactFact, now: number): Presence {
  switch (fact) {
    case 'opened':
      return opened(presence, now);
    case 'closed':
      return closed(presence, now);
    case 'contact':
      return presence.state === 'listening' ? presence : expected(now, gapAt(presence, now));
    case 'due':
      return overdue(presence, now);
  }
}

/**
 * The presence of a known device after a restart: it is expected, for what is known of it is that it cannot have been
 * reached meanwhile.
 * @param graceMs what it is given at least: a whole fleet needs time to come back
 */
export function restoredPresence(gap: ContactGap | undefined, now: number, graceMs: number): Presence {
  return { state: 'expected', lastContactAt: undefined, dueAt: now + Math.max(patienceMs(gap), graceMs), gap };
}

/** When time alone moves it on, ms of Clock.uptime; undefined: never. */
export function deadlineOf(presence: Presence): number | undefined {
  return presence.state === 'expected' || presence.state === 'late' ? presence.dueAt : undefined;
}

function opened(presence: Presence, now: number): Presence {
  if (presence.state === 'listening') return { ...presence, polls: presence.polls + 1 };
  return { state: 'listening', polls: 1, gap: gapAt(presence, now) };
}

function closed(presence: Presence, now: number): Presence {
  if (presence.state !== 'listening') return presence;
  return presence.polls > 1 ? { ...presence, polls: presence.polls - 1 } : expected(now, presence.gap);
}

function expected(now: number, gap: ContactGap | undefined): Presence {
  return { state: 'expected', lastContactAt: now, dueAt: now + patienceMs(gap), gap };
}

function overdue(presence: Presence, now: number): Presence {
  const deadline = deadlineOf(presence);
  if (deadline === undefined || now < deadline) return presence;
  const { lastContactAt, gap } = presence as Silent<'expected' | 'late'>;
  if (presence.state === 'late') return { state: 'offline', lastContactAt, gap };
  return { state: 'late', lastContactAt, dueAt: now + Math.max(patienceMs(gap), MIN_LATE_MS), gap };
}

/** The gap with the silence that ends now; a silence whose beginning the hub did not see teaches nothing. */
function gapAt(presence: Exclude<Presence, { state: 'listening' }>, now: number): ContactGap | undefined {
  const { lastContactAt, gap } = presence;
  return lastContactAt === undefined ? gap : learnGap(gap, now - lastContactAt);
}
