import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = new Set<string>();
process.on('exit', () => {
  for (const folder of folders) removeWorkFolder(folder);
});

/** A new empty folder for a server's files; it is removed when the bench ends at the latest. */
export function makeWorkFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  folders.add(folder);
  return folder;
}

export function removeWorkFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}
