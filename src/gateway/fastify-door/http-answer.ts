import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Answer } from '../exchange.js';
import { httpDate } from '../http-date.js';
import { onBroken } from './read-body.js';

/** Writes an answer's status and header lines, those that a door adds with them. @param now unix ms */
export function writeAnswerHead(response: ServerResponse, answer: Answer, now: number): void {
  response.sendDate = false;
  response.writeHead(answer.status, linesOf(answer, response.shouldKeepAlive, now).flat());
}

/** Answers a request whose body will not be read; the connection ends once the client has taken the answer. */
export function refuseRequest(request: IncomingMessage, response: ServerResponse, answer: Answer, now: number): void {
  writeAnswerHead(response, { ...answer, close: true }, now);
  response.write(answer.body);
  drain(request, response);
}

/** How long a client may take to close a connection that we ended. */
const LINGER_MS = 2_000;

/** Sends a last answer over a socket that Node's server has let go of: its errors and its end are ours to see to. */
export function endWith(socket: Duplex, answer: Answer, now: number): void {
  const late = setTimeout(() => socket.destroy(), LINGER_MS);
  socket
    .on('error', () => {})
    .once('close', () => clearTimeout(late))
    .resume();
  const lines = linesOf({ ...answer, close: true }, false, now).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n${lines.join('')}\r\n${answer.body}`);
}

function linesOf({ status, headers, body, close }: Answer, keepAlive: boolean, now: number): [string, string][] {
  const lines: [string, string][] = [
    ['Server', 'signalbox'],
    ['Date', httpDate(Math.floor(now / 1000))],
  ];
  for (const [name, value] of headers) lines.push([name, value]);
  if (status !== 204) lines.push(['Content-Length', String(Buffer.byteLength(body))]);
  lines.push(['Connection', keepAlive && !close ? 'keep-alive' : 'close']);
  return lines;
}

const MAX_DRAINED_BYTES = 8 * 1024 * 1024;
const DRAIN_MS = 2_000;

/**
 * Reads and drops what the client is still sending, up to a bound, and then ends the response: a connection closed over unread bytes is reset, and
 * the reset can overtake the answer.
 */
function drain(request: IncomingMessage, response: ServerResponse): void {
  if (request.readableEnded || request.destroyed) return void response.end();
  let drained = 0;
  const finish = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(finish, DRAIN_MS);
  request.on('data', (chunk: Buffer) => {
    drained += chunk.length;
    if (drained > MAX_DRAINED_BYTES) finish();
  });
  request.once('end', finish).once('error', finish);
  response.once('close', finish);
  onBroken(request, finish);
}
