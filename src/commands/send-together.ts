import type { Commits } from '../channels/commits.js';
import { isPromise } from '../channels/maybe-promise.js';
import type { ChangeSet, Commit } from '../engine/engine.js';
import type { MaybePromise } from '../engine/message-log.js';
import { addCommand } from './add-command.js';
import type { DraftCommand } from './draft-command.js';
import type { CommandQueues } from './queue/command-queues.js';

export interface SendParts {
  readonly queues: CommandQueues;
  readonly commits: Commits;
  readonly nextId: (nowMs: number, device: string) => string;
}

/** Makes the changes of a queue, and whatever belongs to them. */
type MakeCommit = (added: ChangeSet) => MaybePromise<Commit>;

/**
 * Sends commands together with other changes: all in one commit, or nothing.
 * @throws HubError `queue_full`, `channel_limit`; EngineError
 */
export function sendTogether(
  drafts: readonly DraftCommand[],
  changes: ChangeSet,
  parts: SendParts,
): MaybePromise<Commit> {
  const first = drafts[0];
  if (!first) return parts.commits.commit(changes);
  if (drafts.length === 1 || drafts.every(({ device }) => device === first.device)) {
    return sendTo(first.device, drafts, parts, (own) => parts.commits.commit(together(changes, own)));
  }
  const byDevice = new Map<string, DraftCommand[]>();
  for (const draft of drafts) byDevice.set(draft.device, [...(byDevice.get(draft.device) ?? []), draft]);
  // Queues are taken in one order everywhere, so that two of these calls never wait for each other.
  return sendWith([...byDevice.keys()].sort(), byDevice, changes, parts);
}

/** Two sets of changes as one, in this order. */
export function together(a: ChangeSet, b: ChangeSet): ChangeSet {
  const { messages = [] } = b;
  const isAlone = !a.messages || a.messages.length === 0;
  return { records: a.records.concat(b.records), messages: isAlone ? messages : a.messages.concat(messages) };
}

/** Takes the first device's queue, adds its commands, and goes on with the others before it commits. */
function sendWith(
  [device, ...others]: readonly string[],
  drafts: ReadonlyMap<string, readonly DraftCommand[]>,
  changes: ChangeSet,
  parts: SendParts,
): MaybePromise<Commit> {
  if (device === undefined) return parts.commits.commit(changes);
  const own = drafts.get(device) ?? [];
  return sendTo(device, own, parts, (added) => sendWith(others, drafts, together(changes, added), parts));
}

/** Adds commands to one device's queue. */
function sendTo(
  device: string,
  drafts: readonly DraftCommand[],
  { queues, commits, nextId }: SendParts,
  commit: MakeCommit,
): MaybePromise<Commit> {
  let made: MaybePromise<Commit> | undefined;
  const changed = queues.of(device).change(
    (change) => {
      const adding = { change, engine: commits.engine, nextId, idempotencyKey: undefined };
      for (const draft of drafts) addCommand(draft, adding);
    },
    (added) => {
      made = commit(added);
      return made;
    },
  );
  // Once the queue has settled, for it goes before whoever waits for the commit.
  return isPromise(changed) ? changed.then(() => made as MaybePromise<Commit>) : (made as MaybePromise<Commit>);
}
