import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseHeader, parseLine } from '../../src/recording/parse-line.js';
import { bodyBytes, recordedBody } from '../../src/recording/recorded-body.js';
import type { RecordedLine } from '../../src/recording/recorded-line.js';
import { headerText, lineText } from '../../src/recording/write-line.js';

const event: RecordedLine = {
  kind: 'event',
  time: Date.UTC(2026, 10, 23, 8, 16, 54, 310),
  channel: 'devices/fan-1/events/temperature',
  position: '1795421814:0',
  contentType: 'application/json',
  body: { json: { celsius: 31.5 } },
};
const command: RecordedLine = {
  ...event,
  kind: 'command',
  channel: 'devices/fan-1/commands',
  cause: { plugin: 'thermostat', handler: 'thermostat.regulate' },
  body: { json: { id: '01', name: 'fan.set', params: { on: true } } },
};
const outcome: RecordedLine = {
  ...event,
  kind: 'outcome',
  channel: 'devices/fan-1/outcomes',
  state: 'SUCCEEDED',
  evidence: 'acked',
  body: { json: { id: '01', name: 'fan.set', state: 'SUCCEEDED' } },
};
const gap: RecordedLine = { kind: 'gap', time: event.time, lost: 12, reason: 'The reader was slow.' };

describe('A line of a recording', () => {
  it.each([event, command, outcome, gap])('is read as it was written: %j', (line) => {
    expect(parseLine(lineText(line))).toEqual(line);
  });

  it('is one line, whatever the body holds', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = lineText({ ...event, body: recordedBody(Buffer.from(bytes)) });
        expect(text.indexOf('\n')).toBe(text.length - 1);
      }),
    );
  });

  it('shows JSON as JSON', () => {
    expect(lineText({ ...event, body: recordedBody(Buffer.from('{ "celsius":\n 31.0 }')) })).toBe(
      '{"kind":"event","time":"2026-11-23T08:16:54.310Z","channel":"devices/fan-1/events/temperature",' +
        '"position":"1795421814:0","contentType":"application/json","body":{"celsius":31}}\n',
    );
  });

  it.each([
    [{}, /"kind" is missing; "event", "command", "outcome" or "gap" is allowed/],
    [{ kind: 'evnt' }, /"kind" is "evnt"/],
    [[], /It is \[\], and must be a JSON object/],
    [{ kind: 'event', channel: 'a', body: 1 }, /"time" is missing; a time such as/],
    [{ kind: 'event', time: 'noon', channel: 'a', body: 1 }, /"time" is "noon"/],
    [{ kind: 'event', time: '2026-11-23T08:16:54Z', body: 1 }, /"channel" is missing/],
    [{ kind: 'event', time: '2026-11-23T08:16:54Z', channel: 'a' }, /It has 0 of "body", "text" and "base64"/],
    [{ kind: 'event', time: '2026-11-23T08:16:54Z', channel: 'a', body: 1, text: '' }, /It has 2 of/],
    [{ kind: 'event', time: '2026-11-23T08:16:54Z', channel: 'a', base64: '§' }, /"base64" is "§"/],
    [{ kind: 'event', time: '2026-11-23T08:16:54Z', channel: 'a', text: 7 }, /"text" is 7/],
    [{ kind: 'event', time: '2026-11-23T08:16:54Z', channel: 'a', body: 1, position: '7' }, /"position" is "7"/],
    [{ kind: 'event', time: '2026-11-23T08:16:54Z', channel: 'a', body: 1, contentType: 7 }, /"contentType" is 7/],
    [{ kind: 'command', time: '2026-11-23T08:16:54Z', channel: 'a', body: 1, cause: 'me' }, /"cause" is "me"/],
    [{ kind: 'outcome', time: '2026-11-23T08:16:54Z', channel: 'a', body: 1 }, /"state" is missing/],
    [{ kind: 'gap', time: '2026-11-23T08:16:54Z', lost: -1 }, /"lost" is -1/],
  ])('is refused with what is wrong: %j', (written, sentence) => {
    expect(() => parseLine(JSON.stringify(written))).toThrow(sentence);
  });
});

describe('A recorded body', () => {
  it('has the bytes that were published, for all that is not JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (array) => {
        const bytes = Buffer.from(array);
        const body = recordedBody(bytes);
        fc.pre(!('json' in body));
        expect(bodyBytes(body)).toEqual(bytes);
      }),
    );
  });

  it('says the same as the JSON that was published', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const again = JSON.parse(bodyBytes(recordedBody(Buffer.from(json))).toString());
        expect(JSON.stringify(again)).toBe(JSON.stringify(JSON.parse(json)));
      }),
    );
  });

  it.each([
    ['an empty one', Buffer.alloc(0), { text: '' }],
    ['text', Buffer.from('on'), { text: 'on' }],
    ['bytes', Buffer.of(255), { base64: '/w==' }],
    ['null', Buffer.from('null'), { json: null }],
  ])('is told by what it is: %s', (_, bytes, body) => {
    expect(recordedBody(bytes)).toEqual(body);
  });
});

describe('The first line of a recording', () => {
  const header = { hub: '0.1.0', startedAt: event.time, patterns: ['devices/#'] };

  it('is read as it was written', () => {
    expect(parseHeader(headerText(header))).toEqual({ version: 1, ...header });
  });

  it('may be as short as a hand writes it', () => {
    expect(parseHeader('{"signalbox":"recording","version":1}')).toEqual({
      version: 1,
      hub: undefined,
      startedAt: 0,
      patterns: [],
    });
  });

  it('of a later version is refused with what to do', () => {
    expect(() => parseHeader('{"signalbox":"recording","version":2}')).toThrow(
      'The recording has version 2, and 1 is read here. Read it with the Signalbox that it was written by, or a newer one.',
    );
  });

  it('of something else is refused', () => {
    expect(() => parseHeader('{"kind":"event"}')).toThrow(/It is no recording: its first line must be/);
  });
});
