import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FolderWatch } from './folder-watch.js';

export interface PluginWatchParts {
  /** absolute */
  readonly folder: string;
  /** Loads the plugin anew. @returns a sentence with what came of it; never rejects */
  reload(): Promise<string>;
  /** Shows a sentence, or what the compiler says. */
  tell(text: string): void;
}

/** An editor writes a file in several steps, and a compiler many files. */
const SETTLE_MS = 200;
const SOURCE = /(?<!\.d)\.[cm]?ts$/;
const RUNNING = /\.([cm]?js|json)$/;
/** of the compiler */
const CONFIGURATION = 'tsconfig.json';
const IGNORED = /^(node_modules|\..*)$/;

const run = promisify(execFile);

/** Watches a plugin's folder: compiles its TypeScript at once and when it is saved, and reloads the plugin when what it runs has changed. */
export class PluginWatch {
  private readonly watch: FolderWatch;
  private timer: NodeJS.Timeout | undefined;
  private isBusy = false;
  private hasNewSource = false;
  private hasNewCode = false;

  constructor(private readonly parts: PluginWatchParts) {
    this.watch = new FolderWatch(parts.folder, {
      isIgnored: (name) => IGNORED.test(name),
      changed: (file) => this.changed(file),
      ended: (reason) => parts.tell(`${parts.folder} is no longer watched: ${reason}.`),
    });
    // What was saved while nobody watched, or was never compiled, is not what is there to run.
    if (this.isCompiled) this.changed(CONFIGURATION);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.watch.stop();
  }

  private changed(file: string): void {
    const isSource = SOURCE.test(file);
    // Where nothing compiles it, the source is what runs.
    if ((isSource || file === CONFIGURATION) && this.isCompiled) this.hasNewSource = true;
    else if (isSource || RUNNING.test(file)) this.hasNewCode = true;
    else return;
    this.settle();
  }

  private get isCompiled(): boolean {
    return existsSync(join(this.parts.folder, CONFIGURATION));
  }

  private settle(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.act(), SETTLE_MS);
  }

  private async act(): Promise<void> {
    if (this.isBusy) return this.settle();
    this.isBusy = true;
    const { hasNewSource, parts } = this;
    this.hasNewSource = false;
    // What the compiler writes is seen as a change by itself.
    if (hasNewSource) await this.compile();
    else if (this.hasNewCode) {
      this.hasNewCode = false;
      parts.tell(await parts.reload());
    }
    this.isBusy = false;
  }

  private async compile(): Promise<void> {
    const { folder, tell } = this.parts;
    try {
      const compiler = createRequire(join(folder, 'package.json')).resolve('typescript/bin/tsc');
      await run(process.execPath, [compiler, '-p', folder, '--noEmitOnError', '--pretty', 'false'], { cwd: folder });
    } catch (error) {
      const { stdout, message } = error as { readonly stdout?: string; readonly message: string };
      tell(`${folder} does not compile, and the version that runs goes on:\n${stdout || message}`);
    }
  }
}
