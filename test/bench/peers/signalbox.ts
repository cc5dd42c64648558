import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchFault } from '../bench-fault.js';
import { OwnProcess } from '../own-process.js';
import { freePorts } from './free-ports.js';
import type { LogicPlace } from './logic-place.js';
import { startLogic } from './logic-process.js';
import type {
  Durability,
  Endpoint,
  EngineName,
  Peer,
  PeerName,
  RunningPeer,
  ScenarioName,
  ServerNeeds,
  Target,
} from './peer.js';
import { LOGIC_SERVER, signalboxConfiguration } from './signalbox-configuration.js';
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
  readonly logic: LogicPlace;
}

/**
 * Signalbox as it is shipped, its example thermostat enabled.
 * @throws BenchFault when there is no build, or no such Node.js
 */
export function signalbox(build: SignalboxBuild): Peer {
  const { name, node, folder, fastLane, engine, durability, logic } = build;
  const program = resolve(folder, 'dist/src/main.js');
  if (!existsSync(program)) {
    throw new BenchFault(`There is no ${program}. Run "npm run build" first, in the folder of the package.`);
  }
  const what = name === 'signalbox-before' ? `Signalbox in ${resolve(folder)}` : 'Signalbox';
  const kept = engine === 'memory' ? 'messages in memory' : `engine ${engine}, durability ${durability}`;
  const lane = fastLane ? '' : ' without its fast lane';
  const description = `${what}${lane}${LOGIC_TEXT[logic]}, ${kept}, on Node ${versionOf(node)}`;
  return { name, description, start: (needs) => start(build, program, needs) };
}

const LOGIC_TEXT: Readonly<Record<LogicPlace, string>> = {
  inline: '',
  worker: ', its plugin in a worker',
  external: ', its logic in a process that takes turns over HTTP',
};

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
  const target = targetAt(Number(port), Number(adminPort));
  const folder = makeWorkFolder();
  const file = join(folder, 'signalbox.yaml');
  writeFileSync(file, signalboxConfiguration({ ...build, ...target, folder, counter: counterFor(build, scenario) }));
  const server = await OwnProcess.start('Signalbox', build.node, [program, 'start', '--config', file]);
  await server.untilListening(target.endpoint);
  const processes = [server];
  if (build.logic === 'external' && scenario === 'control-loop') {
    processes.push(await startLogic('signalbox-logic', build.node, { endpoint: target.admin, name: LOGIC_SERVER }));
  }
  return {
    target,
    pids: processes.map(({ pid }) => pid),
    stop: async () => {
      for (const process of processes.reverse()) await process.stop();
      removeWorkFolder(folder);
    },
  };
}

function targetAt(port: number, adminPort: number): Target & { admin: Endpoint } {
  return {
    endpoint: { host: HOST, port },
    publishPath: '/pub?id={id}',
    subscribePath: '/sub?id={id}',
    eventPath: '/v1/devices/{id}/events/temperature',
    eventBody: '{"celsius":{celsius}}',
    commandChannel: 'devices/{id}/commands',
    queuePath: '/v1/devices/{id}/commands',
    admin: { host: HOST, port: adminPort },
  };
}

/** The folder of the plugin `counter`, for the scenarios that count turns. @throws BenchFault when it was not built */
function counterFor({ folder }: SignalboxBuild, scenario: ScenarioName): string | undefined {
  if (scenario !== 'turns' && scenario !== 'catch-up') return undefined;
  const from = resolve(folder, 'dist/bench/plugins/counter');
  if (existsSync(from)) return from;
  throw new BenchFault(`There is no ${from}. Build the bench there as well, with "npm run bench -- --help".`);
}
