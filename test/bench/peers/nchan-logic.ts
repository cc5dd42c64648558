/**
 * The thermostat as one has to write it for Nchan: a process of its own that long-polls the events and publishes commands
 * over HTTP. It runs as `node nchan-logic.js TARGET`, TARGET being a Target as JSON, and writes "ready" once it polls.
 */
import { BenchFault } from '../bench-fault.js';
import { Connection } from '../load/connection.js';
import { Publishers } from '../load/publishers.js';
import { PollRequests, postRequest } from '../load/requests.js';
import type { Response } from '../load/response-parser.js';
import { filled, type Target } from './peer.js';

const EVENTS_PATH = '/events/sub';
const PUBLISHER_CONNECTIONS = 16;
/** As the thermostat of plugins/ has them. */
const LIMIT_CELSIUS = 30;
const HYSTERESIS_CELSIUS = 2;

const target = JSON.parse(process.argv[2] ?? '') as Target;
const publishers = new Publishers(target.endpoint, PUBLISHER_CONNECTIONS);
await publishers.open();
const events = await Connection.open(target.endpoint, 0);
const polls = new PollRequests(target.endpoint, EVENTS_PATH);
const isCooling = new Map<string, boolean>();
let commands = 0;

events.send(polls.first, react);
process.stdout.write('ready\n');

function react(response: Response): void {
  if (response.status !== 200) throw new BenchFault(`The poll for events was answered ${response.status}.`);
  events.send(polls.behind(response), react);
  const { device, celsius } = JSON.parse(response.body) as { device: string; celsius: number };
  const on = celsius > LIMIT_CELSIUS;
  const off = celsius < LIMIT_CELSIUS - HYSTERESIS_CELSIUS;
  if ((!on && !off) || isCooling.get(device) === on) return;
  isCooling.set(device, on);
  const command = JSON.stringify({ id: String(++commands), name: 'fan.set', params: { on } });
  const path = filled(target.publishPath, { id: filled(target.commandChannel, { id: device }) });
  publishers.post(postRequest(target.endpoint, path, command, 'application/json'), () => {});
}
