import { spawnSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { FileHead } from './file-head.js';
import { unusable } from './unusable.js';

/** Reads every entry of every table, in a process of its own: what is damaged would end it, and not the hub. */
const READ_ALL = `
  const { open } = await import(process.argv[1]);
  const binary = { encoding: 'binary', keyEncoding: 'binary' };
  const folder = { path: process.argv[2], noSubdir: false, readOnly: true };
  const root = open({ ...folder, maxDbs: 16, overlappingSync: false, ...binary });
  for (const name of ['channels', 'removed', 'records', 'messages']) {
    const table = root.openDB(name, { ...binary, create: false });
    if (table) for (const { value } of table.getRange({})) value.at(-1);
  }
`;

/**
 * A file that ends before its last page was cut off, unless those pages are free, which lmdb does not write. To tell the two
 * apart everything is read; then the file gets its length.
 * @throws EngineError `engine_unavailable` when it was cut off
 */
export function checkLength(folder: string, name: string, { fileBytes, neededBytes }: FileHead): void {
  if (fileBytes >= neededBytes) return;
  const options = ['--input-type=module', '-e', READ_ALL, import.meta.resolve('lmdb'), folder];
  const { status } = spawnSync(process.execPath, options, { stdio: 'ignore' });
  if (status !== 0) {
    throw unusable(folder, `its ${name} has ${fileBytes} bytes and needs ${neededBytes}: it was cut off`);
  }
  truncateSync(join(folder, name), neededBytes);
}
