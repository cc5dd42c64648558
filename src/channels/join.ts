import type { StoredMessage } from '../engine/message-log.js';
import type { ParkedPolls, Poll, PollEnd } from './parked-polls.js';

/**
 * Joins a poll to a channel whose log answers later. Live is joined before the history is known: the other order loses
 * what is published in between (invariant 3). One message answers a poll, so one is held back at most.
 * @param deliver answers the poll with a message of the history; one that was held back has been counted already
 */
export function joinPoll(
  polls: ParkedPolls,
  history: Promise<StoredMessage | undefined>,
  poll: Poll,
  deliver: (message: StoredMessage) => void,
): void {
  const joining = new JoiningPoll();
  polls.park(joining);
  history.then(
    (found) => {
      polls.leave(joining);
      if (joining.ended) poll.end(joining.ended);
      else if (found) deliver(found);
      else if (joining.held) poll.deliver(joining.held);
      else polls.park(poll);
    },
    () => {
      polls.leave(joining);
      poll.end('stopping');
    },
  );
}

class JoiningPoll implements Poll {
  parkIndex = -1;
  held: StoredMessage | undefined;
  ended: PollEnd | undefined;

  deliver(message: StoredMessage): void {
    this.held = message;
  }

  end(reason: PollEnd): void {
    this.ended = reason;
  }
}
