import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { methodNotAllowed } from '../answers.js';
import { writeAnswerHead } from '../fastify-door/http-answer.js';
import { ExamplePage } from './example-page.js';

/** What gives the time, in unix ms. */
export const NOW = Symbol('NOW');

/** The pages of docs/examples, for a browser to try the hub with. */
@Controller('examples')
export class ExamplesController {
  constructor(
    private readonly page: ExamplePage,
    @Inject(NOW) private readonly now: () => number,
  ) {}

  @All('form')
  form(@Req() { method }: FastifyRequest, @Res() reply: FastifyReply): void {
    const isRead = method === 'GET' || method === 'HEAD';
    const answer = isRead ? this.page.answer : methodNotAllowed(method, 'GET, HEAD');
    reply.hijack();
    writeAnswerHead(reply.raw, answer, this.now());
    reply.raw.end(answer.body);
  }
}
