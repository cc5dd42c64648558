import type { Server } from 'node:http';
import { type DynamicModule, type INestApplication, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions, FastifyInstance, FastifyRequest } from 'fastify';
import { HubError } from '../channels/hub-error.js';
import { LogicServers } from '../logic/external/logic-servers.js';
import { Plugins } from '../logic/plugin-status.js';
import { NestLog } from '../telemetry/nest-log.js';
import { packageVersion } from '../telemetry/package-version.js';
import { TelemetryModule } from '../telemetry/telemetry.module.js';
import { AdminDoor } from './admin-door.js';
import { ADMIN_LIMITS } from './admin-limits.js';
import type { AdminParts } from './admin-parts.js';
import { AdminRoutes } from './admin-routes.js';
import { ChannelsController } from './channels.controller.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { DevicesController } from './devices.controller.js';
import { HealthController } from './health.controller.js';
import { HubStats } from './hub-stats.js';
import { JobsController } from './jobs.controller.js';
import { KnownChannels } from './known-channels.js';
import { KnownDevices } from './known-devices.js';
import { KnownJobs } from './known-jobs.js';
import { KnownReasons } from './known-reasons.js';
import { LogicTurnsController } from './logic-turns.controller.js';
import { MessagesController } from './messages.controller.js';
import { OpenApi, OpenApiController } from './open-api.controller.js';
import { isLoopback, isOwnHost } from './own-host.js';
import { PluginsController } from './plugins.controller.js';
import { ProblemFilter } from './problem.filter.js';
import { Readiness } from './readiness.js';
import { Recorders } from './recording/recorders.js';
import { RecordingsController } from './recording/recordings.controller.js';
import { RequestPipe } from './request.pipe.js';
import { refuseUnread, sendProblem } from './send-problem.js';
import { ShadowsController } from './shadows.controller.js';
import { StatsController } from './stats.controller.js';
import { TimersController } from './timers.controller.js';
import { WhyController } from './why.controller.js';

/** The admin application: shows and acts on what the public one has made (docs/adr/0002-two-applications.md). */
@Module({})
export class AdminModule {
  /** @param application what comes of it */
  static over(parts: AdminParts, routes: AdminRoutes, application: () => INestApplication): DynamicModule {
    return {
      module: AdminModule,
      imports: [TelemetryModule.with(parts)],
      controllers: [
        ChannelsController,
        DevicesController,
        JobsController,
        MessagesController,
        PluginsController,
        DeadLettersController,
        TimersController,
        RecordingsController,
        LogicTurnsController,
        ShadowsController,
        WhyController,
        StatsController,
        HealthController,
        OpenApiController,
      ],
      providers: [
        { provide: OpenApi, useValue: new OpenApi(application, packageVersion()) },
        { provide: KnownChannels, useValue: new KnownChannels(parts.channels) },
        { provide: HubStats, useValue: new HubStats(parts) },
        { provide: KnownDevices, useValue: new KnownDevices(parts) },
        { provide: KnownJobs, useValue: new KnownJobs(parts.jobs) },
        { provide: Recorders, useValue: recordersOf(parts) },
        { provide: KnownReasons, useValue: new KnownReasons(parts) },
        { provide: Plugins, useValue: parts.plugins },
        { provide: LogicServers, useValue: parts.logicServers },
        { provide: Readiness, useValue: parts.readiness },
        { provide: APP_FILTER, useValue: new ProblemFilter(routes, parts.faults) },
        { provide: APP_PIPE, useClass: RequestPipe },
      ],
    };
  }
}

/** Builds the admin application; it does not listen yet. */
export async function adminDoorOver(parts: AdminParts): Promise<AdminDoor> {
  const routes = new AdminRoutes();
  const app: NestFastifyApplication = await NestFactory.create<NestFastifyApplication>(
    AdminModule.over(parts, routes, () => app),
    adminAdapter(routes),
    { bodyParser: false, logger: new NestLog(parts.logger), abortOnError: false },
  );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const behind = { endStreams: () => app.get(Recorders).end(), close: () => app.close() };
  return new AdminDoor(app.getHttpServer() as Server, behind, parts.faults);
}

function adminAdapter(routes: AdminRoutes): FastifyAdapter {
  const { maxHeadBytes, maxRequestBytes, headTimeoutMs, requestTimeoutMs, silenceMs } = ADMIN_LIMITS;
  const options: FastifyHttpOptions<Server> = {
    bodyLimit: maxRequestBytes,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: silenceMs,
    http: { maxHeaderSize: maxHeadBytes, headersTimeout: headTimeoutMs },
    routerOptions: { maxParamLength: maxHeadBytes },
    clientErrorHandler: refuseUnread,
    frameworkErrors: (error, _request, reply) =>
      sendProblem(reply, new HubError('bad_request', `The request target cannot be read: ${error.message}.`)),
  };
  const adapter = new FastifyAdapter(options);
  const fastify = adapter.getInstance();
  fastify.addHook('onRoute', ({ url, method }) => routes.note(url, [method].flat()));
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('Cache-Control', 'no-store').header('X-Content-Type-Options', 'nosniff');
    done(misdirected(request));
  });
  takeJsonOnly(fastify);
  return adapter;
}

function recordersOf(parts: AdminParts): Recorders {
  const keepsSince = parts.diskStats() ? undefined : parts.clock.now();
  return new Recorders({ ...parts, keepsSince, version: packageVersion() });
}

/** A page of another site cannot send JSON without asking first, and is not answered when it asks. */
function takeJsonOnly(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    parse(request, body as string, (error, value) => {
      done(
        error && new HubError('bad_json', `The body is not JSON: ${jsonFault(body as string)}`, { cause: error }),
        value,
      );
    });
  });
}

/** What is wrong with a text; the parser itself tells not where. */
function jsonFault(text: string): string {
  try {
    JSON.parse(text);
    return 'it has a member "__proto__" or "constructor", which none may have.';
  } catch (error) {
    return (error as Error).message;
  }
}

function misdirected({ headers, socket }: FastifyRequest): HubError | undefined {
  if (!isLoopback(socket.localAddress ?? '') || isOwnHost(headers.host)) return undefined;
  const asked = headers.host?.slice(0, 80);
  return new HubError(
    'misdirected_request',
    `This API listens on a loopback address and was asked as "${asked}". Ask it as localhost or by its address.`,
  );
}
