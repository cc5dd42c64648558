import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchFault } from '../bench-fault.js';
import { OwnProcess } from '../own-process.js';
import { freePorts } from './free-ports.js';
import { type LogicProgram, startLogic } from './logic-process.js';
import { nchanConfiguration } from './nchan-configuration.js';
import {
  type Endpoint,
  filled,
  type Peer,
  type PeerName,
  type RunningPeer,
  type ServerNeeds,
  type Target,
} from './peer.js';
import { assertInUse, type Fsync, startRedis } from './redis.js';
import { makeWorkFolder, removeWorkFolder } from './work-folder.js';

const NGINX = '/usr/sbin/nginx';
const MODULE = '/usr/lib/nginx/modules/ngx_nchan_module.so';

/** What distinguishes the peers with Nchan. */
export interface NchanKind {
  readonly name: PeerName;
  /** when its Redis writes to disk; without it messages are in nginx's own memory */
  readonly fsync?: Fsync;
  /** of the control loop; `nchan-logic` unless given */
  readonly logic?: LogicProgram;
}

/**
 * nginx with the Nchan module, one worker, as Debian packages them.
 * @param node the Node.js for the logic of the control loop, which Nchan needs a process of its own for
 * @param files what must be installed
 * @throws BenchFault when they are not
 */
export function nchan(node: string, kind: NchanKind, files: readonly string[] = [NGINX, MODULE]): Peer {
  for (const file of files) {
    if (existsSync(file)) continue;
    throw new BenchFault(
      `--vs nchan needs ${file}, which is not here. On Debian: apt-get install nginx-light libnginx-mod-nchan.`,
    );
  }
  const version = /nginx\/[\d.]+/.exec(spawnSync(NGINX, ['-v'], { encoding: 'utf8' }).stderr)?.[0] ?? 'nginx';
  const { name, fsync, logic } = kind;
  const store = fsync === undefined ? '' : `, with Redis, appendfsync ${fsync}`;
  const client = logic === 'nchan-http-logic' ? ', its logic written with node:http' : '';
  return {
    name,
    description: `Nchan on ${version}, 1 worker${store}${client}`,
    start: (needs) => start(node, needs, kind),
  };
}

async function start(node: string, needs: ServerNeeds, { fsync, logic }: NchanKind): Promise<RunningPeer> {
  const { scenario, connections } = needs;
  const [port] = await freePorts(1);
  const target = targetAt({ host: '127.0.0.1', port: Number(port) });
  const folder = makeWorkFolder();
  mkdirSync(join(folder, 'tmp'));
  const file = join(folder, 'nginx.conf');
  const redis = fsync === undefined ? undefined : await startRedis(folder, fsync);
  const { endpoint } = target;
  writeFileSync(file, nchanConfiguration({ endpoint, folder, module: MODULE, connections, redis: redis?.endpoint }));
  const nginx = await OwnProcess.start('nginx', NGINX, ['-p', folder, '-c', file, '-e', 'stderr']);
  await nginx.untilListening(endpoint);
  // With Redis it listens before it can store.
  await nginx.untilAnswers(`http://${endpoint.host}:${endpoint.port}${filled(target.publishPath, { id: 'ready' })}`);
  if (redis) await assertInUse(redis.endpoint);
  const processes = redis ? [redis.process, nginx] : [nginx];
  if (scenario === 'control-loop') processes.push(await startLogic(logic ?? 'nchan-logic', node, target));
  return {
    target,
    pids: processes.map(({ pid }) => pid),
    stop: async () => {
      for (const process of processes.reverse()) await process.stop();
      removeWorkFolder(folder);
    },
  };
}

function targetAt(endpoint: Endpoint): Target {
  return {
    endpoint,
    publishPath: '/pub?id={id}',
    subscribePath: '/sub?id={id}',
    eventPath: '/events/pub',
    eventBody: '{"device":"{id}","celsius":{celsius}}',
    commandChannel: 'devices/{id}/commands',
  };
}
