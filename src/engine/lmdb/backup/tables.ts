/** The tables of the data file, in the order in which a backup holds them; `state` are single values of the engine's own. */
export const TABLES = ['state', 'channels', 'removed', 'records', 'messages'] as const;

export type TableName = (typeof TABLES)[number];

/** One line of a table, as it lies in the data file. */
export interface Entry {
  readonly table: TableName;
  readonly key: Buffer;
  readonly value: Buffer;
}
