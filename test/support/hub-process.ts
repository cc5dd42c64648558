import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Spawned } from '../cli/support/spawned.js';

/** How the program is run: out of the sources, or another way that a test has prepared. */
export const FROM_SOURCES: readonly string[] = ['--import', './test/support/run-typescript.mjs', 'src/main.ts'];

/** A hub in a process of its own, which can be killed; what it stores is in a folder that outlasts it. */
export class HubProcess {
  private constructor(
    readonly program: Spawned,
    readonly url: string,
    readonly adminUrl: string,
  ) {}

  /** @param configuration a file @param node what Node is given to run the command line */
  static async start(configuration: string, node: readonly string[] = FROM_SOURCES): Promise<HubProcess> {
    const doors = ['--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'];
    const program = new Spawned(process.execPath, [...node, 'start', '--config', configuration, ...doors]);
    await program.shown('/admin.\n');
    const [url = '', adminUrl = ''] = program.out.match(/http:\/\/[\d.]+:\d+/g) ?? [];
    return new HubProcess(program, url, adminUrl);
  }

  /** Ends it gracefully. */
  async stop(): Promise<void> {
    this.program.kill('SIGTERM');
    await this.program.exit;
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    this.program.kill('SIGKILL');
    await this.program.exit;
  }
}

/** A folder for a hub: its configuration, and beside it what it stores. */
export class HubFolder {
  private constructor(readonly path: string) {}

  /** @param yaml beside engine and data folder, which are set */
  static async make(yaml = '', root = tmpdir()): Promise<HubFolder> {
    const folder = new HubFolder(await mkdtemp(join(root, 'signalbox-hub-')));
    await writeFile(folder.configuration, `engine: lmdb\ndata: ${folder.data}\nlog_level: warn\n${yaml}`);
    return folder;
  }

  get configuration(): string {
    return join(this.path, 'signalbox.yaml');
  }

  get data(): string {
    return join(this.path, 'data');
  }

  file(name: string): string {
    return join(this.path, name);
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
