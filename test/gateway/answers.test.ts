import { describe, expect, it } from '@jest/globals';
import { HubError } from '../../src/channels/hub-error.js';
import { emptyAnswer, jsonAnswer, methodNotAllowed, problemAnswer, sentenceAnswer } from '../../src/gateway/answers.js';

const error = new HubError('body_too_large', 'The body has 11 bytes; 10 are taken.');

describe('Answers', () => {
  it('tell an error to clients of the push module as its sentence', () => {
    expect(sentenceAnswer(error)).toEqual({
      status: 413,
      headers: [['Content-Type', 'text/plain']],
      body: 'The body has 11 bytes; 10 are taken.\n',
    });
  });

  it('tell an error to clients of our own APIs as a problem that no cache keeps', () => {
    const { status, headers, body } = problemAnswer(error, [['Allow', 'GET']]);
    expect([status, headers]).toEqual([
      413,
      [
        ['Content-Type', 'application/problem+json'],
        ['Cache-Control', 'no-store'],
        ['Allow', 'GET'],
      ],
    ]);
    expect(JSON.parse(body as string)).toEqual({
      type: 'urn:signalbox:error:body_too_large',
      title: 'Body too large',
      status: 413,
      detail: 'The body has 11 bytes; 10 are taken.',
      code: 'body_too_large',
    });
  });

  it('tell which methods there are', () => {
    expect(methodNotAllowed('PATCH', 'GET, OPTIONS')).toEqual({
      status: 405,
      headers: [
        ['Content-Type', 'text/plain'],
        ['Allow', 'GET, OPTIONS'],
      ],
      body: 'PATCH is not allowed here; allowed are GET, OPTIONS.\n',
    });
  });

  it('may be a status alone, or JSON', () => {
    expect(emptyAnswer(409)).toEqual({ status: 409, headers: [], body: '' });
    expect(jsonAnswer(202, { a: 'ü' })).toMatchObject({ status: 202, body: '{"a":"ü"}\n' });
  });
});
