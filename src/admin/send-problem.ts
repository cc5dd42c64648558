import type { Duplex } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { HubError } from '../channels/hub-error.js';
import { PROBLEM_TYPE, problemDetails } from '../channels/problem-details.js';

/** Answers with an error; nothing happens when the client has its answer or is gone. */
export function sendProblem(reply: FastifyReply, error: HubError): void {
  if (reply.sent) return;
  reply
    .code(error.status)
    .header('Cache-Control', 'no-store')
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problemDetails(error)));
}

/** Answers bytes that are no request, and ends the connection. */
export function refuseUnread(fault: NodeJS.ErrnoException, socket: Duplex): void {
  if (fault.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const error = new HubError('bad_request', `The request cannot be read as HTTP (${fault.code}).`);
  const body = JSON.stringify(problemDetails(error));
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  );
}
