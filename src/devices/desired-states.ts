import type { Channels } from '../channels/channels.js';
import type { Commits } from '../channels/commits.js';
import { HubError } from '../channels/hub-error.js';
import { isPromise } from '../channels/maybe-promise.js';
import type { ChangeSet } from '../engine/engine.js';
import type { MaybePromise, NewMessage } from '../engine/message-log.js';
import type { Revision, StoredRecord } from '../engine/record-table.js';
import type { Registry } from './registry/registry.js';
import { retryOnConflict } from './registry/retry-on-conflict.js';

/** what a device shall be like: `device` → `{"version","document","updatedAt"}` */
const DESIRED_TABLE = 'device-desired';
/** how far a device is: `device` → `{"version","at"}` */
const REPORTED_TABLE = 'device-reported';

/** Bytes of a document as JSON. */
export const MAX_DOCUMENT_BYTES = 64 * 1024;

/** What a device shall be like, and how far it is. */
export interface DesiredState {
  /** rises with every change, also over a deletion */
  readonly version: number;
  readonly document: unknown;
  /** unix ms */
  readonly updatedAt: number;
  /** the version that the device said it has reached; undefined: none yet */
  readonly reported: { readonly version: number; readonly at: number } | undefined;
}

/** A state that is about to be committed. */
export interface NextState extends Pick<DesiredState, 'version' | 'document'> {
  readonly device: string;
}

/** Commits a new state, alone or together with what else belongs to it. */
export type CommitState = (changes: ChangeSet, next: NextState) => MaybePromise<unknown>;

/** The channel that tells of changes: one message, the document as it is. */
export function desiredChannel(device: string): string {
  return `devices/${device}/desired`;
}

/** A document for each device that says what it shall be like. It is kept, versioned, and told when it changes. */
export class DesiredStates {
  /** the newest change of a device that is being committed */
  private readonly underWay = new Map<string, Promise<unknown>>();

  constructor(
    private readonly commits: Commits,
    private readonly channels: Channels,
    private readonly registry: Registry,
  ) {
    registry.deletion.alsoDrop((device) => this.drop(device));
  }

  /** Undefined when there is none. What is not committed yet nobody gets to see: it could be lost, and its version used again. */
  async get(device: string): Promise<DesiredState | undefined> {
    return this.read(device);
  }

  /** @throws HubError `device_not_found` when there is none */
  async require(device: string): Promise<DesiredState> {
    const state = await this.get(device);
    if (state) return state;
    throw new HubError('device_not_found', `Device "${device}" has no desired state: it was deleted meanwhile.`);
  }

  /**
   * Sets the document.
   * @param ifVersion the version that it must have, 0 for none; undefined: whatever is there
   * @param commit may add to the commit; called again when another change came first
   * @throws HubError `device_not_found`, `invalid_payload`, `version_conflict`; EngineError; what `commit` throws
   */
  async put(
    device: string,
    document: unknown,
    ifVersion?: number,
    commit: CommitState = (changes) => this.commits.commit(changes),
  ): Promise<DesiredState> {
    const documentJson = checkedJson(document);
    await retryOnConflict(async () => {
      const { revision: registered } = await this.registry.get(device);
      const state = await this.read(device);
      if (ifVersion !== undefined && ifVersion !== (state?.version ?? 0)) throw conflict(device, state, ifVersion);
      // Revisions rise over all of the engine, so that a device of that name which was deleted had a lower version.
      const version = (state?.version ?? registered) + 1;
      const value = `{"version":${version},"document":${documentJson},"updatedAt":${this.channels.clock.now()}}`;
      const records = [{ table: DESIRED_TABLE, key: device, value, ifRevision: state?.revision ?? 0 }];
      const messages = [{ channel: desiredChannel(device), message: retained(documentJson) }];
      await this.settled(device, commit({ records, messages }, { device, version, document }));
    });
    return this.require(device);
  }

  /**
   * Notes that the device has reached a version. An older one than it said before changes nothing.
   * @throws HubError `invalid_payload` for a version that there was not yet
   */
  async report(device: string, version: number): Promise<void> {
    const state = await this.get(device);
    if (!state || version > state.version) {
      throw new HubError(
        'invalid_payload',
        `Device "${device}" reports version ${version} of its desired state; ` +
          `${state ? `the newest is ${state.version}` : 'it has none'}.`,
      );
    }
    if (state.reported && state.reported.version >= version) return;
    const value = JSON.stringify({ version, at: this.channels.clock.now() });
    await this.commits.commit({ records: [{ table: REPORTED_TABLE, key: device, value }] });
  }

  private async read(device: string): Promise<(DesiredState & { readonly revision: Revision }) | undefined> {
    await this.underWay.get(device)?.catch(() => {});
    const stored = await this.table(DESIRED_TABLE).get(device);
    return stored && { ...stateOf(stored, await this.table(REPORTED_TABLE).get(device)), revision: stored.revision };
  }

  private async settled(device: string, commit: MaybePromise<unknown>): Promise<void> {
    if (!isPromise(commit)) return;
    this.underWay.set(device, commit);
    try {
      await commit;
    } finally {
      if (this.underWay.get(device) === commit) this.underWay.delete(device);
    }
  }

  private table(name: string) {
    return this.commits.engine.table(name);
  }

  private async drop(device: string): Promise<void> {
    const tables = [DESIRED_TABLE, REPORTED_TABLE];
    await this.commits.commit({ records: tables.map((table) => ({ table, key: device, value: undefined })) });
  }
}

function conflict(device: string, state: DesiredState | undefined, asked: number): HubError {
  return new HubError(
    'version_conflict',
    `The desired state of "${device}" ${state ? `has version ${state.version}` : 'does not exist'}; the change was ` +
      `${asked ? `made for version ${asked}` : 'only to make a first one'}. Read it again and decide again.`,
  );
}

function stateOf(desired: StoredRecord, reported: StoredRecord | undefined): DesiredState {
  const { document, updatedAt } = JSON.parse(desired.value) as Pick<DesiredState, 'document' | 'updatedAt'>;
  return {
    version: desired.revision,
    document,
    updatedAt,
    reported: reported && (JSON.parse(reported.value) as DesiredState['reported']),
  };
}

function checkedJson(document: unknown): string {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new HubError('invalid_payload', 'A desired state must be a JSON object, as in {"fan":{"on":true}}.');
  }
  const json = JSON.stringify(document);
  const bytes = Buffer.byteLength(json);
  if (bytes <= MAX_DOCUMENT_BYTES) return json;
  throw new HubError(
    'invalid_payload',
    `The desired state has ${bytes} bytes as JSON; ${MAX_DOCUMENT_BYTES} are allowed.`,
  );
}

/** Kept until the next one takes its place. */
function retained(documentJson: string): NewMessage {
  return {
    body: Buffer.from(documentJson),
    contentType: 'application/json',
    expiresAt: Number.POSITIVE_INFINITY,
    store: true,
    keepAtMost: 1,
    keepAtLeast: 1,
  };
}
