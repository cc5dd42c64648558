import { All, Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FastifyDoor } from './fastify-door.js';

/** Everything that no controller of its own serves: the configured locations and the device API. */
@Controller()
export class LocationsController {
  constructor(private readonly door: FastifyDoor) {}

  @All('*')
  serve(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    reply.hijack();
    this.door.serve(request.raw, reply.raw, request.originalUrl);
  }
}
