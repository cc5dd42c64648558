/**
 * The thermostat as a process beside Nchan, as one usually writes it: a loop that long-polls the events and publishes the
 * commands with Node's own HTTP client. It runs as `node nchan-http-logic.js TARGET`, TARGET being a Target as JSON, and
 * writes "ready" before it polls.
 */
import { filled, type Target } from '../peers/peer.js';
import { HttpClient } from './http-client.js';
import { EVENTS_PATH, PUBLISHER_CONNECTIONS } from './nchan-events.js';
import { ForgetfulThermostat } from './thermostat.js';

const target = JSON.parse(process.argv[2] ?? '') as Target;
const subscriber = new HttpClient(target.endpoint, 1);
const publisher = new HttpClient(target.endpoint, PUBLISHER_CONNECTIONS);
const thermostat = new ForgetfulThermostat();
let position: Record<string, string> = {};

process.stdout.write('ready\n');
for (;;) {
  const { headers, body } = await subscriber.send({ method: 'GET', path: EVENTS_PATH, headers: position });
  position = { 'If-Modified-Since': String(headers['last-modified']), 'If-None-Match': String(headers.etag) };
  const { device, celsius } = JSON.parse(body) as { device: string; celsius: number };
  const command = thermostat.commandFor(device, celsius);
  // Nobody waits for the answer, else one event would be dealt with at a time. One that fails ends the process.
  if (command !== undefined) void publish(device, command);
}

async function publish(device: string, command: string): Promise<void> {
  const path = filled(target.publishPath, { id: filled(target.commandChannel, { id: device }) });
  await publisher.send({ method: 'POST', path, json: command });
}
