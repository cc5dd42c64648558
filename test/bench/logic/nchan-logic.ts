/**
 * The thermostat as a process beside Nchan, as fast as it can be in Node.js: it long-polls the events and publishes the
 * commands with the load generator's own client on bare sockets. It runs as `node nchan-logic.js TARGET`, TARGET being a
 * Target as JSON, and writes "ready" once it polls.
 */
import { BenchFault } from '../bench-fault.js';
import { Connection } from '../load/connection.js';
import { Publishers } from '../load/publishers.js';
import { PollRequests, postRequest } from '../load/requests.js';
import type { Response } from '../load/response-parser.js';
import { filled, type Target } from '../peers/peer.js';
import { EVENTS_PATH, PUBLISHER_CONNECTIONS } from './nchan-events.js';
import { ForgetfulThermostat } from './thermostat.js';

const target = JSON.parse(process.argv[2] ?? '') as Target;
const publishers = new Publishers(target.endpoint, PUBLISHER_CONNECTIONS);
await publishers.open();
const events = await Connection.open(target.endpoint, 0);
const polls = new PollRequests(target.endpoint, EVENTS_PATH);
const thermostat = new ForgetfulThermostat();

events.send(polls.first, react);
process.stdout.write('ready\n');

function react(response: Response): void {
  if (response.status !== 200) throw new BenchFault(`The poll for events was answered ${response.status}.`);
  events.send(polls.behind(response), react);
  const { device, celsius } = JSON.parse(response.body) as { device: string; celsius: number };
  const command = thermostat.commandFor(device, celsius);
  if (command === undefined) return;
  const path = filled(target.publishPath, { id: filled(target.commandChannel, { id: device }) });
  publishers.post(postRequest(target.endpoint, path, command, 'application/json'), () => {});
}
