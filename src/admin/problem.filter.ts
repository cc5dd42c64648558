import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FaultLog } from '../channels/fault-log.js';
import { type ErrorCode, HubError } from '../channels/hub-error.js';
import { ADMIN_LIMITS } from './admin-limits.js';
import { AdminRoutes } from './admin-routes.js';
import { sendProblem } from './send-problem.js';

/** Answers whatever is thrown in the admin application with problem details; faults of the hub are logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: AdminRoutes,
    private readonly faults: FaultLog,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (isNoRoute(thrown)) return this.refuse(request, reply);
    const api = `admin ${request.method} ${request.routeOptions?.url}`;
    sendProblem(reply, this.faults.note(asHubError(thrown), { api }));
  }

  /** Nothing is served at this URL, or not by this method. */
  private refuse({ method, originalUrl }: FastifyRequest, reply: FastifyReply): void {
    const path = originalUrl.replace(/\?.*$/s, '');
    const methods = this.routes.methodsAt(path);
    const allowed = methods.join(', ');
    if (methods.length === 0) return sendProblem(reply, nothingAt(path, this.routes.urls));
    reply.header('Allow', allowed);
    if (method === 'OPTIONS') reply.code(204).send();
    else
      sendProblem(reply, new HubError('method_not_allowed', `${method} is not allowed here; allowed are ${allowed}.`));
  }
}

function isNoRoute(thrown: unknown): boolean {
  return thrown instanceof HttpException && statusOf(thrown) === 404;
}

function nothingAt(path: string, urls: readonly string[]): HubError {
  const hint = path.startsWith('/admin/channels/') ? ' A channel\'s id is one segment: write its "/" as %2F.' : '';
  return new HubError('not_found', `Nothing is served at "${path.slice(0, 200)}", but at ${urls.join(', ')}.${hint}`);
}

/** What Fastify refuses before a handler is asked; Nest passes it on with the status alone. */
const refusals: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  413: ['body_too_large', `The body is larger than ${ADMIN_LIMITS.maxRequestBytes} bytes. Nothing was stored.`],
  415: ['unsupported_media_type', 'A body is taken as JSON only: send it with "Content-Type: application/json".'],
};

function asHubError(thrown: unknown): HubError {
  const status = statusOf(thrown);
  const refusal = refusals[status];
  if (refusal) return new HubError(...refusal, { cause: thrown });
  const isRefusal = status >= 400 && status < 500;
  return isRefusal
    ? new HubError('bad_request', `The request cannot be read: ${(thrown as Error).message}.`)
    : HubError.from(thrown);
}

/** 0 for what has no status of the framework's. */
function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const { statusCode } = (thrown ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : 0;
}
