import type { ContactGap } from './contact-gap.js';

/** What is written down of a device's presence, for the hub after a restart. */
export interface PresenceRecord {
  readonly isOffline: boolean;
  readonly gap?: ContactGap | undefined;
  /** unix ms; undefined: never */
  readonly lastContactAt?: number | undefined;
}
