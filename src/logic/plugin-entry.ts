export type Isolation = 'inline' | 'worker';

/** A plugin as the configuration has it. */
export interface PluginEntry {
  readonly name: string;
  readonly enabled: boolean;
  /** folder (absolute) or npm package; undefined: the folder of its name among the plugin folders */
  readonly from: string | undefined;
  /** its default export, when somebody has imported it already; `from` is not looked at then */
  readonly module?: object | undefined;
  readonly config: Readonly<Record<string, unknown>>;
  /** where it runs; undefined: where its logic servers say */
  readonly isolation?: Isolation | undefined;
  /** what a worker's heap and buffers may come to; left out: 128 MiB */
  readonly maxMemoryBytes?: number;
  /** a candidate version that sees what it sees, and whose commands are compared with its own; undefined: there is none */
  readonly shadow?: ShadowEntry | undefined;
}

/** A candidate version of a plugin as the configuration has it. */
export interface ShadowEntry {
  /** folder (absolute) or npm package */
  readonly from: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** One setting of a plugin that its config class does not take. */
export interface PluginConfigFault {
  readonly plugin: string;
  /** true: its candidate version does not take it; left out: the plugin itself */
  readonly ofShadow?: boolean;
  /** keys and indexes within `config`: `rooms`, `0`, `name` */
  readonly path: readonly string[];
  readonly value: unknown;
  readonly problem:
    | { readonly kind: 'value' /** what is allowed, a sentence */; readonly allowed: string }
    | { readonly kind: 'unknown key'; readonly known: readonly string[] };
}

/** Enabled plugins have settings that they do not take: every such setting. The hub must not start. */
export class PluginConfigError extends Error {
  /** @param faults at least one */
  constructor(readonly faults: readonly PluginConfigFault[]) {
    super(
      `Settings that plugins do not take: ${faults.map(({ plugin, path }) => `${plugin}: ${path.join('.')}`).join(', ')}.`,
    );
    this.name = 'PluginConfigError';
  }
}
