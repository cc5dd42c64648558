import { describe, expect, it } from '@jest/globals';
import { CommandCheck } from './command-check.js';
import { messageBody } from './message-body.js';
import { SequenceCheck } from './message-check.js';

const BYTES = 64;
const body = (sequence: number, stream = 'a') => messageBody(stream, sequence, BYTES);

function checkOf(...bodies: string[]): SequenceCheck {
  const check = new SequenceCheck('a', BYTES);
  for (const each of bodies) check.take(each);
  return check;
}

describe('The check of a stream', () => {
  it('passes every message once and in order', () => {
    const check = checkOf(body(0), body(1), body(2));
    expect(() => check.finish(3)).not.toThrow();
    expect(check.expected).toBe(3);
  });

  it.each([
    ['a message that came twice', [body(0), body(0)], 'came again (or late): number 1 was next'],
    ['a message that was left out', [body(0), body(2)], 'number 1 was next: lost, or out of order'],
    ['a first message that is not the first', [body(1)], 'number 0 was next'],
    ['a message of another stream', [body(0, 'b')], 'A subscriber of "a" got "b 0 '],
    ['a message of a stream whose name begins alike', [body(0, 'ab')], 'A subscriber of "a" got'],
    ['a message that was cut', [body(0).slice(0, -1)], 'came with 63 bytes'],
    ['a message with one other byte', [`${body(0).slice(0, -1)}#`], 'that are not the 64 published'],
    ['a message with a byte too many', [`${body(0)}#`], 'came with 65 bytes'],
    ['a message without a number', ['a x'], 'got "a x" instead'],
    ['nothing', [''], 'got "" instead'],
  ])('refuses %s', (_what, bodies, sentence) => {
    expect(() => checkOf(...bodies)).toThrow(sentence);
  });

  it('misses what never came', () => {
    expect(() => checkOf(body(0)).finish(3)).toThrow('"a": 2 messages from number 1 on never came.');
  });

  it('begins anew where it is told to', () => {
    const check = checkOf(body(0));
    check.restart(5);
    expect(() => check.take(body(1))).toThrow('number 5 was next');
    check.take(body(5));
  });
});

describe('Message bodies', () => {
  it('have the length that was asked for, and differ', () => {
    expect([body(7), body(123_456)].map(({ length }) => length)).toEqual([BYTES, BYTES]);
    expect(new Set([body(0), body(1), body(10), body(0, 'b')]).size).toBe(4);
  });
});

describe("The check of a fan's commands", () => {
  const command = (on: boolean, id: string) => JSON.stringify({ id, name: 'fan.set', params: { on } });

  function takes(...bodies: string[]): CommandCheck {
    const check = new CommandCheck('fan-1');
    for (const each of bodies) check.take(each);
    return check;
  }

  it('passes on and off by turns', () => {
    expect(takes(command(true, '1'), command(false, '2'), command(true, '3')).received).toBe(3);
  });

  it.each([
    ['the same command twice', [command(true, '1'), command(true, '2')], 'lost, repeated or out of order'],
    ['another command', ['{"id":"1","name":"fan.get","params":{"on":true}}'], 'was due to get command 0'],
    ['an id that was used', [command(true, '1'), command(false, '1')], 'without an id of its own'],
    ['no id', ['{"name":"fan.set","params":{"on":true}}'], 'without an id of its own'],
    ['no JSON', ['on'], 'which is no JSON'],
    ['null', ['null'], 'was due to get command 0'],
  ])('refuses %s', (_what, bodies, sentence) => {
    expect(() => takes(...bodies)).toThrow(sentence);
  });
});
