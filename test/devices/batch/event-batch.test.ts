import { describe, expect, it } from '@jest/globals';
import { readBatch } from '../../../src/devices/batch/event-batch.js';

const batch = (text: string) => readBatch(Buffer.from(text));

describe('A batch of events', () => {
  it('is a JSON array, or one event a line', () => {
    const events = [
      { id: 'a', type: 'tick', dataJson: '{"n":1}' },
      { id: undefined, type: 'tock', dataJson: 'null' },
    ];
    expect(batch(' [{"id":"a","type":"tick","data":{"n":1}},{"type":"tock"}]\n')).toEqual(events);
    expect(batch('{"id":"a","type":"tick","data":{"n":1}}\r\n\n{"type":"tock"}\n')).toEqual(events);
  });

  it.each([
    ['', 'has 1 to 1000 events, in a JSON array or one a line'],
    ['[]', 'this one has 0. Nothing was stored.'],
    ['\n'.repeat(5), 'this one has 0'],
    ['x\n'.repeat(1_001), 'this one has 1001'],
    [JSON.stringify(Array(1_001).fill({ type: 'x' })), 'this one has 1001'],
    ['[{"type":"x"}', 'The batch is not JSON'],
    ['{"type":"x"}\n{"type":', 'Event 2 of the batch is not JSON'],
    ['{"type":"x"}\n7', 'Event 2 of the batch must be a JSON object'],
    ['[{"type":"x"},[1]]', 'Event 2 of the batch must be a JSON object'],
    ['{"type":"a b"}', 'Event 1 of the batch: "a b" is not an event type'],
    ['{"type":"$presence"}', 'Event 1 of the batch: "$presence" is not an event type'],
    ['{"data":1}', 'Event 1 of the batch has no "type"'],
    ['{"type":"x","at":1}', 'Event 1 of the batch has "at"; an event has "id", "type" and "data"'],
    ['{"type":"x","id":""}', 'has an "id" that is not a text of 1 to 128 visible ASCII characters'],
    ['{"type":"x","id":7}', 'has an "id" that is not a text'],
    [`{"type":"x","id":"${'i'.repeat(129)}"}`, 'has an "id" that is not a text'],
  ])('is refused as %j', (text, sentence) => {
    expect(() => batch(text)).toThrow(sentence);
  });
});
