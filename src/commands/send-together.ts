import type { Commits } from '../channels/commits.js';
import { andThen } from '../channels/maybe-promise.js';
import type { ChangeSet, Commit } from '../engine/engine.js';
import type { MaybePromise } from '../engine/message-log.js';
import { addCommand } from './add-command.js';
import type { DraftCommand } from './draft-command.js';
import type { CommandQueues } from './queue/command-queues.js';

export interface SendParts {
  readonly queues: CommandQueues;
  readonly commits: Commits;
  readonly nextId: (nowMs: number) => string;
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
  const [first] = drafts;
  if (!first) return parts.commits.commit(changes);
  const commit = (own: ChangeSet) => parts.commits.commit(together(changes, own));
  if (drafts.every(({ device }) => device === first.device)) return sendTo(first.device, drafts, parts, commit);
  const byDevice = new Map<string, DraftCommand[]>();
  for (const draft of drafts) byDevice.set(draft.device, [...(byDevice.get(draft.device) ?? []), draft]);
  // Queues are taken in one order everywhere, so that two of these calls never wait for each other.
  return sendWith([...byDevice.keys()].sort(), byDevice, changes, parts);
}

/** Two sets of changes as one, in this order. */
export function together(a: ChangeSet, b: ChangeSet): ChangeSet {
  const { messages = [] } = b;
  return { records: a.records.concat(b.records), messages: a.messages ? a.messages.concat(messages) : messages };
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
  let made: Commit | undefined;
  const changed = queues.of(device).change(
    (change) => {
      const adding = { change, engine: commits.engine, nextId, idempotencyKey: undefined };
      for (const draft of drafts) addCommand(draft, adding);
    },
    (added) =>
      andThen(commit(added), (commit) => {
        made = commit;
        return commit;
      }),
  );
  return andThen(changed, () => made as Commit);
}
