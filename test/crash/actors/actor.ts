import type { HubLife } from '../hub-life.js';

/** A client that goes on from one life of the hub to the next. */
export interface Actor {
  /** Does its work as fast as it can until the hub is killed. */
  work(life: HubLife): Promise<void>;
  /** Compares what the hub says with what it must say, before anybody works. @param isLast with all that was ever stored */
  check(life: HubLife, isLast: boolean): Promise<void>;
}
