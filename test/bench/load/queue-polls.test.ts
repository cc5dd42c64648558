import { beforeEach, describe, expect, it } from '@jest/globals';
import { messageBody } from '../measure/message-body.js';
import { QueuePolls } from './queue-polls.js';

const HEAD_END = ' HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n';

function command(sequence: number, members: object = {}): string {
  const params = messageBody('fan-1', sequence, 60);
  return JSON.stringify({ name: 'bench', params, seq: sequence + 1, attempt: 1, lock: `L${sequence}`, ...members });
}

describe('The polls of a queue', () => {
  let polls: QueuePolls;
  beforeEach(() => {
    polls = new QueuePolls({ host: '127.0.0.1', port: 8080 }, '/q', 'fan-1', 60);
  });

  it('acknowledge what the one before brought', () => {
    expect(polls.first).toBe(`GET /q?wait=300${HEAD_END}`);
    polls.take(command(0));
    expect(polls.behind()).toBe(`GET /q?wait=300&ack=L0${HEAD_END}`);
    polls.take(command(1));
    expect(polls.behind()).toBe(`GET /q?wait=300&ack=L1${HEAD_END}`);
    polls.finish(2);
  });

  it.each<[string, string, string]>([
    ['is lost', command(1), 'number 0 was next: lost, or out of order'],
    ['comes in a further delivery', command(0, { attempt: 2 }), 'got command 1 in delivery 2; command 1 was due'],
    ['has another number', command(0, { seq: 2 }), 'got command 2 in delivery 1; command 1 was due'],
    ['has another name', command(0, { name: 'fan.set' }), 'is no command of the bench'],
    ['has no lock', command(0, { lock: '' }), 'is no command of the bench'],
    ['is no JSON', '<html>', 'Device fan-1 got "<html>", which is no JSON.'],
  ])('end the run when a command %s', (_, body, sentence) => {
    expect(() => polls.take(body)).toThrow(sentence);
  });

  it('end the run when one never came', () => {
    polls.take(command(0));
    expect(() => polls.finish(2)).toThrow('"fan-1": 1 messages from number 1 on never came.');
  });
});
