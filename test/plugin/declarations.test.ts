import { describe, expect, it } from '@jest/globals';
import { EMPTY } from 'rxjs';
import { declarationsOf, serverOptionsOf } from '../../src/plugin/declarations.js';
import { command, LogicServer, message, OnEvent, Pipeline } from '../../src/plugin/index.js';

class Payload {}

@LogicServer({ name: 'base', version: '1.0.0' })
class Base {
  @OnEvent('devices/+/events/a', Payload)
  first() {}
}

@LogicServer({ name: 'derived', version: '1.1.0', config: Payload })
class Derived extends Base {
  @Pipeline('devices/+/events/b')
  second() {
    return EMPTY;
  }
}

class Undeclared extends Derived {}

describe('The decorators of the plugin door', () => {
  it('tell what a logic server is, and what its methods read, those it inherits included', () => {
    expect(serverOptionsOf(Derived)).toEqual({ name: 'derived', version: '1.1.0', config: Payload });
    const first = { kind: 'event', method: 'first', pattern: 'devices/+/events/a', payload: Payload };
    const second = { kind: 'pipeline', method: 'second', pattern: 'devices/+/events/b', payload: undefined };
    expect(declarationsOf(Base)).toEqual([first]);
    expect(declarationsOf(Derived)).toEqual([first, second]);
  });

  it('make no logic server of what only inherits from one, nor of what is no class', () => {
    expect([Undeclared, Payload, {}, null, undefined, 'x'].map(serverOptionsOf)).toEqual(Array(6).fill(undefined));
  });

  it.each([
    [{ version: '1' }, /needs a name/],
    [{ name: '', version: '1' }, /needs a name/],
    [{ name: 'x' }, /needs a version/],
  ])('refuse a logic server of %p', (options, sentence) => {
    expect(() => LogicServer(options as Parameters<typeof LogicServer>[0])).toThrow(sentence);
  });
});

describe('Emissions', () => {
  it('are plain values', () => {
    expect(command('fan-1', 'go')).toEqual({ kind: 'command', device: 'fan-1', name: 'go', params: {} });
    expect(message('a', 5, { contentType: 'x/y' })).toEqual({
      kind: 'message',
      channel: 'a',
      body: 5,
      options: { contentType: 'x/y' },
    });
  });
});
