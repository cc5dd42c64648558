import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { BenchFault } from '../bench-fault.js';
import { OwnProcess } from '../own-process.js';
import { freePorts } from './free-ports.js';
import type { Endpoint } from './peer.js';

/** When Redis makes sure that what it appended is on disk: before each answer, or once a second. */
export type Fsync = 'always' | 'everysec';

const REDIS = '/usr/bin/redis-server';

/**
 * A Redis of the bench's own that keeps an append-only file in `folder`.
 * @throws BenchFault when it is not installed or does not come up
 */
export async function startRedis(folder: string, fsync: Fsync): Promise<{ process: OwnProcess; endpoint: Endpoint }> {
  if (!existsSync(REDIS)) {
    throw new BenchFault(
      `--vs nchan-redis-${fsync} needs ${REDIS}, which is not here. On Debian: apt-get install redis-server.`,
    );
  }
  const [port] = await freePorts(1);
  const endpoint = { host: '127.0.0.1', port: Number(port) };
  const place = ['--bind', endpoint.host, '--port', String(endpoint.port), '--dir', folder];
  const store = ['--appendonly', 'yes', '--appendfsync', fsync, '--save', ''];
  const process = await OwnProcess.start('Redis', REDIS, [...place, ...store]);
  await process.untilListening(endpoint);
  return { process, endpoint };
}

/** Makes sure that something is kept in Redis. @throws BenchFault when nothing is */
export async function assertInUse(endpoint: Endpoint): Promise<void> {
  const socket = connect(endpoint).setEncoding('latin1');
  socket.write('DBSIZE\r\n');
  const [answer] = (await once(socket, 'data')) as [string];
  socket.destroy();
  if (/^:[1-9]/.test(answer)) return;
  throw new BenchFault(`Nchan stored a message, and not in Redis, which answers DBSIZE with "${answer.trim()}".`);
}
