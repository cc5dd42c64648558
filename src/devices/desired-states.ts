import type { Channels } from '../channels/channels.js';
import type { Commits } from '../channels/commits.js';
import { HubError } from '../channels/hub-error.js';
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

export interface PutOptions {
  /** the version that it must have, 0 for none; left out: whatever is there */
  readonly ifVersion?: number | undefined;
  /** Commits the new version together with what else belongs to it; called again when another change came first. */
  readonly commit?: (changes: ChangeSet, version: number) => MaybePromise<unknown>;
}

/** The channel that tells of changes: one message, the document as it is. */
export function desiredChannel(device: string): string {
  return `devices/${device}/desired`;
}

/** A document for each device that says what it shall be like. It is kept, versioned, and told when it changes. */
export class DesiredStates {
  /** the newest change of a device that is being made; each waits for the one before */
  private readonly underWay = new Map<string, Promise<unknown>>();

  constructor(
    private readonly commits: Commits,
    private readonly channels: Channels,
    private readonly registry: Registry,
  ) {
    registry.deletion.alsoDrop((device) => this.inTurn(device, () => this.drop(device)));
  }

  /** Undefined when there is none. What is not committed yet nobody gets to see: it could be lost, and its version used again. */
  async get(device: string): Promise<DesiredState | undefined> {
    await this.underWay.get(device)?.catch(() => {});
    return (await this.read(device))?.state;
  }

  /**
   * Sets the document.
   * @throws HubError `device_not_found`, `invalid_payload`, `version_conflict`; EngineError; what `commit` throws
   */
  async put(device: string, document: unknown, options: PutOptions = {}): Promise<DesiredState> {
    const documentJson = checkedJson(document);
    return this.inTurn(device, () => retryOnConflict(() => this.write(device, documentJson, options)));
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

  private async read(
    device: string,
  ): Promise<{ readonly state: DesiredState; readonly revision: Revision } | undefined> {
    const stored = await this.table(DESIRED_TABLE).get(device);
    const state = stored && stateOf(stored, await this.table(REPORTED_TABLE).get(device));
    return state && { state, revision: stored.revision };
  }

  private async write(device: string, documentJson: string, options: PutOptions): Promise<DesiredState> {
    const { ifVersion, commit = (changes) => this.commits.commit(changes) } = options;
    const { revision: registered } = await this.registry.get(device);
    const { state, revision } = (await this.read(device)) ?? { state: undefined, revision: 0 };
    if (ifVersion !== undefined && ifVersion !== (state?.version ?? 0)) throw conflict(device, state, ifVersion);
    // Revisions rise over all of the engine, so that a device of that name which was deleted had lower versions.
    const version = (state?.version ?? registered) + 1;
    const value = `{"version":${version},"document":${documentJson},"updatedAt":${this.channels.clock.now()}}`;
    const records = [{ table: DESIRED_TABLE, key: device, value, ifRevision: revision }];
    const messages = [{ channel: desiredChannel(device), message: retained(documentJson) }];
    await commit({ records, messages }, version);
    return (await this.read(device))?.state ?? gone(device);
  }

  private inTurn<T>(device: string, change: () => Promise<T>): Promise<T> {
    const before = this.underWay.get(device) ?? Promise.resolve();
    const made = before.catch(() => {}).then(change);
    this.underWay.set(device, made);
    const forget = () => {
      if (this.underWay.get(device) === made) this.underWay.delete(device);
    };
    made.then(forget, forget);
    return made;
  }

  private table(name: string) {
    return this.commits.engine.table(name);
  }

  private async drop(device: string): Promise<void> {
    const tables = [DESIRED_TABLE, REPORTED_TABLE];
    await this.commits.commit({ records: tables.map((table) => ({ table, key: device, value: undefined })) });
  }
}

function gone(device: string): never {
  throw new HubError('device_not_found', `Device "${device}" has no desired state: it was deleted meanwhile.`);
}

function conflict(device: string, state: DesiredState | undefined, asked: number): HubError {
  return new HubError(
    'version_conflict',
    `The desired state of "${device}" ${state ? `has version ${state.version}` : 'does not exist'}; the change was ` +
      `${asked ? `made for version ${asked}` : 'only to make a first one'}. Read it again and decide again.`,
  );
}

function stateOf(desired: StoredRecord, reported: StoredRecord | undefined): DesiredState {
  // The first hubs wrote no version: the record's revision was it.
  const {
    version = desired.revision,
    document,
    updatedAt,
  } = JSON.parse(desired.value) as Partial<DesiredState> & Pick<DesiredState, 'document' | 'updatedAt'>;
  return {
    version,
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
