import { NOTED } from '../../devices/black-box.js';
import { isInFlight } from '../life/command.js';
import type { CommandPoll } from './command-poll.js';
import type { QueueChange } from './queue-change.js';

/** Tells the commands that the device got under the poll's lock that it has them. */
export function acknowledge({ terms, device }: CommandPoll, change: QueueChange): void {
  const { lock } = terms;
  if (lock === '') return;
  let isStrange = true;
  for (const { id, seq, locks } of change.given()) {
    if (!locks.includes(lock)) continue;
    isStrange = false;
    const { verdict } = change.tell(id, { is: 'ack', lock });
    device?.said({ verb: 'ack', verdict }, seq);
  }
  if (isStrange) device?.note(NOTED.strangeLock);
}

/** Takes back what the poll's session was sent and has not said a word about. */
export function takeBackLost({ terms, device }: CommandPoll, change: QueueChange): void {
  for (const command of change.given()) {
    if (!isInFlight(command.state) || command.state.session !== terms.session) continue;
    const step = change.tell(command.id, { is: 'not_acknowledged' });
    if (step.command !== command) device?.note(NOTED.answerLost, command.seq);
  }
}
