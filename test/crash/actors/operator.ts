import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { BackupFile } from '../../../src/engine/lmdb/backup/backup-file.js';
import { channelOfEntry } from '../../../src/engine/lmdb/channel-index.js';
import { readMessage } from '../../../src/engine/lmdb/disk-message.js';
import { messageKeyEncoder } from '../../../src/engine/lmdb/message-key.js';
import { Spawned } from '../../cli/support/spawned.js';
import type { HubFolder } from '../../support/hub-process.js';
import type { HubLife } from '../hub-life.js';
import type { ChannelAccount, SeenMessage } from '../model/channel-account.js';
import type { Random } from '../random.js';
import type { Actor } from './actor.js';
import { numberIn } from './read-channel.js';

/** A backup is killed within this time after its start. */
const LONGEST_MS = 1_500;

/** Makes a backup while the others work, and kills it half of the time; what is left of it must be whole or nothing. */
export class Operator implements Actor {
  /** backups that were whole, and those of which nothing was left */
  made = 0;
  absent = 0;
  private copies: ChannelAccount[] = [];

  constructor(
    private readonly folder: HubFolder,
    private readonly node: readonly string[],
    private readonly kept: readonly ChannelAccount[],
    private readonly random: Random,
  ) {}

  get file(): string {
    return this.folder.file('hub.backup');
  }

  async work(life: HubLife): Promise<void> {
    this.copies = this.kept.map((account) => account.copy());
    const args = [...this.node, 'backup', this.file, '--config', this.folder.configuration];
    const backup = new Spawned(process.execPath, args);
    const isKilled = this.random.isOnceIn(2);
    const killAfter = this.random.from(0, LONGEST_MS);
    if (isKilled) await Promise.race([wait(killAfter), backup.exit]);
    if (isKilled) backup.kill('SIGKILL');
    const { code } = await backup.exit;
    if (!isKilled && code !== 0) life.wrong(`The backup ended with ${code}: ${backup.err}`);
  }

  /** What it holds must have been true at one moment since it was begun. */
  async check(life: HubLife): Promise<void> {
    for (const name of readdirSync(this.folder.path)) {
      if (name.endsWith('.part')) await rm(this.folder.file(name));
    }
    if (this.copies.length === 0) return;
    if (!existsSync(this.file)) {
      this.absent++;
      return;
    }
    this.made++;
    const contents = contentsOf(this.file, new Set(this.kept.map(({ name }) => name)));
    for (const [i, copy] of this.copies.entries()) {
      const stored = contents.get(copy.name) ?? [];
      // Of what was sent since, some may be in it; it must be as it is in the hub.
      const known = this.kept[i] as ChannelAccount;
      life.wrong(
        ...copy
          .grown(known)
          .check(stored)
          .map((wrong) => `backup: ${wrong}`),
      );
    }
    await rm(this.file);
  }
}

/** Messages by channel, of the channels named. @throws when the file is not whole */
function contentsOf(path: string, names: ReadonlySet<string>): Map<string, SeenMessage[]> {
  const channels = new Map<number, string>();
  const contents = new Map<string, SeenMessage[]>();
  const file = new BackupFile(path);
  try {
    for (const { table, key, value } of file.entries()) {
      if (table === 'channels') {
        const { name, number } = channelOfEntry(key, value);
        if (!names.has(name)) continue;
        channels.set(number, name);
        contents.set(name, []);
      } else if (table === 'messages') {
        const { channel, position } = messageKeyEncoder.readKey(key, 0, key.length);
        const name = channels.get(channel);
        if (name === undefined) continue;
        const number = numberIn(name, readMessage(position, value).body.toString());
        contents.get(name)?.push({ number, position });
      }
    }
  } finally {
    file.close();
  }
  return contents;
}
