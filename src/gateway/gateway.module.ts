import { METHODS, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { type DynamicModule, type INestApplication, Module } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyServerOptions } from 'fastify';
import { Channels } from '../channels/channels.js';
import type { Clock } from '../channels/clock.js';
import type { FaultLog } from '../channels/fault-log.js';
import { HubError } from '../channels/hub-error.js';
import { Commands } from '../commands/commands.js';
import { Jobs } from '../commands/jobs/jobs.js';
import { DeviceParts } from '../devices/device-parts.js';
import type { LocationTable } from '../locations/location.js';
import { problemAnswer } from './answers.js';
import { DeviceApi } from './device-api/device-api.js';
import { BodyBudget } from './fastify-door/body-budget.js';
import { FastifyDoor } from './fastify-door/fastify-door.js';
import { writeAnswerHead } from './fastify-door/http-answer.js';
import { createHttpServer, type HttpServerLimits, refuseUnread } from './fastify-door/http-server.js';
import { LocationsController } from './fastify-door/locations.controller.js';
import { PublicDoor, type PublicDoorOptions } from './public-door.js';
import { RequestServer } from './request-server.js';

export interface DeviceOptions {
  /** bytes of an event's or a command's body */
  readonly maxEventBytes: number;
  readonly pollTimeoutMs: number;
  readonly maxPollTimeoutMs: number;
}

export interface GatewayOptions {
  readonly locations: LocationTable;
  readonly clock: Clock;
  readonly devices: DeviceOptions;
  /** ms that a client may take nothing of its answer */
  readonly sendTimeoutMs: number;
  /** bytes of bodies that are being received, of all connections */
  readonly maxReceivingBytes: number;
  readonly faults: FaultLog;
}

/** The doors for devices, publishers and subscribers. */
@Module({})
export class GatewayModule {
  static with({ locations, clock, devices, sendTimeoutMs, maxReceivingBytes, faults }: GatewayOptions): DynamicModule {
    const server = {
      provide: RequestServer,
      inject: [Channels, Commands, Jobs, DeviceParts],
      useFactory: (channels: Channels, commands: Commands, jobs: Jobs, known: DeviceParts) => {
        const { registry, events, desired, batches } = known;
        const parts = { channels, commands, jobs, registry, events, desired, batches };
        const api = new DeviceApi({ ...parts, times: devices, now: () => clock.now() });
        return new RequestServer(channels, locations, commands, api, registry, devices.maxEventBytes, faults);
      },
    };
    const door = {
      provide: FastifyDoor,
      inject: [RequestServer],
      useFactory: (requests: RequestServer) =>
        new FastifyDoor(requests, clock, sendTimeoutMs, new BodyBudget(maxReceivingBytes)),
    };
    return { module: GatewayModule, controllers: [LocationsController], providers: [server, door] };
  }
}

/** Fastify over an HTTP server that never listens: the public door gives it its connections. */
export function gatewayAdapter(limits: HttpServerLimits, clock: Clock): FastifyAdapter {
  const now = () => clock.now();
  const options: FastifyServerOptions = {
    serverFactory: (handler) => createHttpServer(handler, limits, now),
    clientErrorHandler: (error, socket) => refuseUnread(error, socket as Socket, now),
    exposeHeadRoutes: false,
    frameworkErrors: (error, _request, reply) => {
      const answer = problemAnswer(new HubError('bad_request', `The request target cannot be read: ${error.message}.`));
      reply.hijack();
      writeAnswerHead(reply.raw, answer, now());
      reply.raw.end(answer.body);
    },
  };
  const adapter = new FastifyAdapter(options);
  const fastify = adapter.getInstance();
  // Every method reaches the locations, which answer most of them with 405. None has a body as far as Fastify knows: bodies
  // are read by those who know how long they may be, and a Content-Type that is none is the publisher's own affair.
  for (const method of METHODS) fastify.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  return adapter;
}

/** The public door over an application of the gateway's adapter; call after `app.init()`. */
export function publicDoorOf(app: INestApplication, clock: Clock, options: PublicDoorOptions): PublicDoor {
  const http = app.getHttpServer() as Server;
  return new PublicDoor(app.get(RequestServer), app.get(FastifyDoor), http, clock, options);
}
