import { existsSync, type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join, sep } from 'node:path';

export interface FolderWatchParts {
  /** whether a file or folder of that name is passed over, with all that is in it */
  isIgnored(name: string): boolean;
  /** A file was saved, made or deleted. @param path from the folder on */
  changed(path: string): void;
  /** The folder itself is gone, or cannot be watched. Nothing more is told. */
  ended(reason: string): void;
}

/**
 * Watches a folder and all in it, folder by folder: on Linux, Node's own recursive watch tells no more of a file once
 * another one was put in its place, and that is how many editors save.
 */
export class FolderWatch {
  /** by path from the folder on, which has '' itself */
  private readonly watchers = new Map<string, FSWatcher>();

  /** @param root absolute. @throws Error when it cannot be watched */
  constructor(
    private readonly root: string,
    private readonly parts: FolderWatchParts,
  ) {
    this.add('', () => {});
  }

  stop(): void {
    for (const watcher of this.watchers.values()) watcher.close();
    this.watchers.clear();
  }

  /** @param found is called with each file that is there */
  private add(folder: string, found: (path: string) => void): void {
    const watcher = watch(join(this.root, folder), (event, name) => this.seen(folder, event, name ?? ''));
    watcher.on('error', (error) => this.failed(folder, error));
    this.watchers.set(folder, watcher);
    for (const entry of readdirSync(join(this.root, folder), { withFileTypes: true })) {
      if (this.parts.isIgnored(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) this.add(path, found);
      else found(path);
    }
  }

  private seen(folder: string, event: string, name: string): void {
    if (!existsSync(this.root)) return this.end('it is gone');
    if (this.parts.isIgnored(name)) return;
    const path = join(folder, name);
    if (event === 'rename') this.renew(path);
    if (!this.watchers.has(path)) this.parts.changed(path);
  }

  /** What was a folder may be none any more, and what is one may be another than before. */
  private renew(path: string): void {
    for (const [watched, watcher] of this.watchers) {
      if (watched !== path && !watched.startsWith(path + sep)) continue;
      watcher.close();
      this.watchers.delete(watched);
    }
    const isFolder = statSync(join(this.root, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
    // What was written into a new folder before it was watched is not told by itself.
    if (isFolder) this.attempt(() => this.add(path, (file) => this.parts.changed(file)));
  }

  private failed(folder: string, error: Error): void {
    if (folder === '') this.end(error.message);
  }

  private end(reason: string): void {
    if (this.watchers.size === 0) return;
    this.stop();
    this.parts.ended(reason);
  }

  /** A folder may be gone again before it is looked into; whoever took it away is seen as well. */
  private attempt(add: () => void): void {
    try {
      add();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.end((error as Error).message);
    }
  }
}
