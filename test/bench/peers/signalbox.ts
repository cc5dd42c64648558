import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchFault } from '../bench-fault.js';
import { OwnProcess } from '../own-process.js';
import { freePorts } from './free-ports.js';
import {
  BUFFER_LENGTH,
  type Durability,
  type EngineName,
  type Peer,
  type PeerName,
  type RunningPeer,
  type ScenarioName,
  type ServerNeeds,
} from './peer.js';
import { makeWorkFolder, removeWorkFolder } from './work-folder.js';

const HOST = '127.0.0.1';
/** The folder of the package that this bench was built in. */
export const BUILT_HERE = fileURLToPath(new URL('../../..', import.meta.url));

export interface SignalboxBuild {
  readonly name: PeerName;
  /** the Node.js that runs it */
  readonly node: string;
  /** the package's folder, built with `npm run build` */
  readonly folder: string;
  /** false: every request goes through Node's parser and Fastify */
  readonly fastLane: boolean;
  readonly engine: EngineName;
  /** of messages and events; without meaning in memory */
  readonly durability: Durability;
}

/**
 * Signalbox as it is shipped, its example thermostat enabled.
 * @throws BenchFault when there is no build, or no such Node.js
 */
export function signalbox(build: SignalboxBuild): Peer {
  const { name, node, folder, fastLane, engine, durability } = build;
  const program = resolve(folder, 'dist/src/main.js');
  if (!existsSync(program)) {
    throw new BenchFault(`There is no ${program}. Run "npm run build" first, in the folder of the package.`);
  }
  const what = name === 'signalbox-before' ? `Signalbox in ${resolve(folder)}` : 'Signalbox';
  const kept = engine === 'memory' ? 'messages in memory' : `engine ${engine}, durability ${durability}`;
  const description = `${what}${fastLane ? '' : ' without its fast lane'}, ${kept}, on Node ${versionOf(node)}`;
  return { name, description, start: (needs) => start(build, program, needs) };
}

/** What a Node.js says of itself. @throws BenchFault when it is none */
export function versionOf(node: string): string {
  try {
    return execFileSync(node, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch (error) {
    throw new BenchFault(`"${node}" is no Node.js that runs here: ${(error as Error).message}`, { cause: error });
  }
}

async function start(build: SignalboxBuild, program: string, { scenario }: ServerNeeds): Promise<RunningPeer> {
  const [port, adminPort] = await freePorts(2);
  const endpoint = { host: HOST, port: Number(port) };
  const folder = makeWorkFolder();
  const file = join(folder, 'signalbox.yaml');
  writeFileSync(
    file,
    configuration(build, {
      port: endpoint.port,
      adminPort: Number(adminPort),
      folder,
      plugin: pluginFor(build, scenario),
    }),
  );
  const server = await OwnProcess.start('Signalbox', build.node, [program, 'start', '--config', file]);
  await server.untilListening(endpoint);
  return {
    target: {
      endpoint,
      publishPath: '/pub?id={id}',
      subscribePath: '/sub?id={id}',
      eventPath: '/v1/devices/{id}/events/temperature',
      eventBody: '{"celsius":{celsius}}',
      commandChannel: 'devices/{id}/commands',
      queuePath: '/v1/devices/{id}/commands',
      admin: { host: HOST, port: Number(adminPort) },
    },
    pids: [server.pid],
    stop: async () => {
      await server.stop();
      removeWorkFolder(folder);
    },
  };
}

interface Settings {
  port: number;
  adminPort: number;
  folder: string;
  plugin: string;
}

/** The plugin that a scenario's events go to, as it stands in the configuration. @throws BenchFault when it was not built */
function pluginFor({ folder }: SignalboxBuild, scenario: ScenarioName): string {
  if (scenario !== 'turns' && scenario !== 'catch-up') return 'thermostat: { enabled: true }';
  const from = resolve(folder, 'dist/bench/plugins/counter');
  if (existsSync(from)) return `counter: { enabled: true, from: ${from} }`;
  throw new BenchFault(`There is no ${from}. Build the bench there as well, with "npm run bench -- --help".`);
}

/** Memory is for what Nchan's configuration has as well; everything else is as it comes. */
function configuration(
  { fastLane, engine, durability }: SignalboxBuild,
  { port, adminPort, folder, plugin }: Settings,
) {
  return `
listen: ${HOST}:${port}
admin: ${HOST}:${adminPort}
engine: ${engine}
data: ${folder}/data
fast_lane: ${fastLane ? 'on' : 'off'}
limits: { max_reserved_memory: 512M }
locations:
  - { path: /pub, channel: $arg_id, publisher: true, message_buffer_length: ${BUFFER_LENGTH}, message_timeout: 2h, durability: ${durability} }
  - { path: /sub, channel: $arg_id, subscriber: long-poll }
devices: { event_durability: ${durability} }
plugins:
  ${plugin}
`;
}
