import type { StoredMessage } from '../engine/message-log.js';
import type { Channel } from './channel.js';
import type { Poll, PollEnd } from './parked-polls.js';

/**
 * Joins a poll to a channel whose log answers later. Live is joined before the history is known: the other order loses
 * what is published in between (invariant 3). One message answers a poll, so one is held back at most.
 */
export function joinPoll(channel: Channel, history: Promise<StoredMessage | undefined>, poll: Poll): void {
  const joining = new JoiningPoll();
  channel.polls.park(joining);
  history.then(
    (found) => {
      channel.polls.leave(joining);
      if (joining.ended) poll.end(joining.ended);
      else if (found) channel.deliverTo(poll, found);
      else if (joining.held) poll.deliver(joining.held);
      else channel.polls.park(poll);
    },
    () => {
      channel.polls.leave(joining);
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
