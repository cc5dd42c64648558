import type { Declaration } from '../../plugin/declarations.js';
import type { Grants } from '../../plugin/logic-server-options.js';
import type { ServerDeclaration } from '../loading/declared-servers.js';

/** A logic server that runs outside of the hub, as the configuration has it. */
export interface LogicServerEntry {
  readonly name: string;
  readonly enabled: boolean;
  /** what whoever asks for its turns must show; undefined: nothing */
  readonly token: string | undefined;
  /** patterns of the events that it is given */
  readonly events: readonly string[];
  /** names of the commands whose ends it is told */
  readonly outcomes: readonly string[];
  /** names of timers and outboxes that it may use */
  readonly timers: readonly string[];
  readonly outbox: readonly string[];
  readonly grants: Grants;
  readonly key: 'device' | 'all' | 'none';
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly retries: number;
  /** `1s..30s` */
  readonly backoff: string;
}

/** The same in the words that a plugin's decorators say it in: one handler for each kind of turn. */
export function declarationOf(entry: LogicServerEntry): ServerDeclaration {
  const { name, key, concurrency, leaseMs, retries, backoff } = entry;
  const run = { key, concurrency, timeout: `${leaseMs}ms`, retry: { times: retries, backoff } };
  const named = (kind: 'outcome' | 'timer' | 'outbox', names: readonly string[]): Declaration[] =>
    names.map((each) => ({ kind, method: kind, name: each }));
  return {
    // Which version of it runs, the hub does not know.
    options: { name, version: '', grants: entry.grants, run },
    declarations: [
      ...entry.events.map((pattern): Declaration => ({ kind: 'event', method: 'event', pattern, payload: undefined })),
      ...named('outcome', entry.outcomes),
      ...named('timer', entry.timers),
      ...named('outbox', entry.outbox),
    ],
  };
}
