import type { StoredMessage } from '../engine/message-log.js';
import type { ParkedPolls, Poll } from './parked-polls.js';

/**
 * Joins a poll to a channel whose log answers later. Live is joined before the history is known: the other order loses
 * what is published in between (invariant 3). One message answers a poll, so one is held back at most.
 * @param replay answers the poll with a message of the history, and counts it as delivered
 */
export function joinPoll(
  polls: ParkedPolls,
  history: Promise<StoredMessage | undefined>,
  poll: Poll,
  replay: (message: StoredMessage) => void,
): void {
  const joining = polls.join(poll);
  history.then(
    (found) => {
      if (!polls.endJoining(poll, joining)) return;
      const message = found ?? joining.held;
      if (!message) polls.park(poll);
      // It was counted when it was held back.
      else if (joining.held) poll.deliver(message);
      else replay(message);
    },
    (error: unknown) => {
      if (polls.endJoining(poll, joining)) poll.end('stopping', error);
    },
  );
}
