/**
 * The thermostat as a logic server of Signalbox: a process that takes its turns over HTTP, keeps its state in the hub, as the
 * plugin does, and is written with Node's own HTTP client. It runs as `node signalbox-logic.js HUB`, HUB being a LogicHub as
 * JSON, and writes "ready" before it asks for turns.
 */
import type { Endpoint } from '../peers/peer.js';
import { HttpClient } from './http-client.js';
import { fanAt } from './thermostat.js';

/** Where it takes its turns. */
export interface LogicHub {
  /** the admin API */
  readonly endpoint: Endpoint;
  /** its name in `logic_servers` */
  readonly name: string;
}

interface TakenTurn {
  readonly lock: string;
  readonly key: string;
  readonly event: { readonly data: { readonly celsius: number } };
}

/** As many as may be out at a time. */
const TURNS = 16;

const { endpoint, name } = JSON.parse(process.argv[2] ?? '') as LogicHub;
const turns = `/v1/logic/${name}/turns`;
const taking = new HttpClient(endpoint, 1);
const working = new HttpClient(endpoint, TURNS);

process.stdout.write('ready\n');
for (;;) {
  const { body } = await taking.send({ method: 'POST', path: `${turns}/next?wait=30&max=${TURNS}` });
  const taken = body === '' ? [] : (JSON.parse(body) as TakenTurn[]);
  // Nobody waits for the answers, else the slowest turn would hold up the others. One that fails ends the process.
  for (const turn of taken) void work(turn);
}

async function work(turn: TakenTurn): Promise<void> {
  const reply = await decide(turn);
  await working.send({ method: 'POST', path: `${turns}/${turn.lock}`, json: JSON.stringify(reply) });
}

async function decide({ lock, key, event }: TakenTurn): Promise<unknown> {
  const on = fanAt(event.data.celsius);
  if (on === undefined) return { skip: 'between the limits: the fan stays as it is' };
  const { body } = await working.send({ method: 'GET', path: `${turns}/${lock}/state?key=${key}&name=on` });
  const { values } = JSON.parse(body) as { values: readonly { value: unknown }[] };
  if (values[0]?.value === on) return { skip: 'the fan was told already' };
  return {
    commands: [{ device: key, name: 'fan.set', params: { on } }],
    state: [{ key, name: 'on', value: on }],
  };
}
