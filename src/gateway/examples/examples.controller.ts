import { All, Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { methodNotAllowed } from '../answers.js';
import { writeAnswerHead } from '../fastify-door/http-answer.js';
import { ExamplePage } from './example-page.js';

/** The pages of docs/examples, for a browser to try the hub with. */
@Controller('examples')
export class ExamplesController {
  constructor(private readonly page: ExamplePage) {}

  @All('form')
  form(@Req() { method }: FastifyRequest, @Res() reply: FastifyReply): void {
    const isRead = method === 'GET' || method === 'HEAD';
    const answer = isRead ? this.page.answer : methodNotAllowed(method, 'GET, HEAD');
    reply.hijack();
    writeAnswerHead(reply.raw, answer, Date.now());
    reply.raw.end(answer.body);
  }
}
