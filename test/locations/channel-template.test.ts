// biome-ignore-all lint/suspicious/noTemplateCurlyInString: channel templates have braces of their own
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileTemplate, followsUrl, parseTemplate } from '../../src/locations/channel-template.js';
import { request } from './location-plans.js';

function expand(text: string, facts: Parameters<typeof request>[0], captures: readonly string[] = []): string {
  return compileTemplate(parseTemplate(text, captures.length))(request(facts), captures);
}

describe('A channel template', () => {
  it('takes an argument raw', () => {
    expect(expand('$arg_id', { query: 'id=a%20b+c&x=1' })).toBe('a%20b+c');
  });

  it('names nothing when its only variable is empty', () => {
    expect(expand('$arg_id', { query: 'x=1' })).toBe('');
    expect(expand('$http_x_id', {})).toBe('');
    expect(expand('$cookie_id$arg_id', { query: 'id=' })).toBe('');
    expect(expand('$1', {}, [''])).toBe('');
  });

  it('keeps its literals when a variable is empty', () => {
    expect(expand('dev-$arg_id', {})).toBe('dev-');
  });

  it.each([
    ['$http_x_device_id', 'h'],
    ['$HTTP_X_Device_Id', 'h'],
    ['$cookie_sid', 's'],
    ['$remote_addr', '192.0.2.7'],
    ['$1', 'one'],
    ['${2}0', 'two0'],
    ['$10', 'one0'],
    ['${arg_id}s', 'as'],
    ['$arg_id-$1/$2', 'a-one/two'],
    ['$arg_ids', 'many'],
    ['devices/$arg_id/commands', 'devices/a/commands'],
    ['only text', 'only text'],
    ['küche/${arg_id}', 'küche/a'],
    ['}{$1}', '}{one}'],
  ])('%s names %s', (text, id) => {
    const facts = { query: 'id=a&ids=many', headers: { 'x-device-id': 'h', cookie: 'sid=s' } };
    expect(expand(text, facts, ['one', 'two'])).toBe(id);
  });

  it.each([
    ['', 'names no channel'],
    ['  ', 'names no channel'],
    ['a\nb', 'control characters'],
    ['$', '"$" is not a variable; there are $arg_NAME'],
    ['cost $', 'is not a variable'],
    ['$$arg_id', 'is not a variable'],
    ['${arg_id', '"$" is not a variable'],
    ['${}', '"${}" is not a variable'],
    ['$argid', '"$argid" is not a variable'],
    ['$arg_', '"$arg_" is not a variable'],
    ['$uri', '"$uri" is not a variable'],
    ['$0', '"$0" is not a variable'],
    ['${10}', '"${10}" is not a variable'],
    ['${arg_a-b}', 'is not a variable'],
    ['$3', '"$3" is group 3 of the path\'s regular expression, and the path has 2.'],
    ['${9}', 'and the path has 2'],
  ])('%j is refused: %s', (text, sentence) => {
    expect(() => parseTemplate(text, 2)).toThrow(RangeError);
    expect(() => parseTemplate(text, 2)).toThrow(sentence);
  });

  it('is refused when it has a capture and the path no groups', () => {
    expect(() => parseTemplate('$1', 0)).toThrow('and the path has none');
  });

  it('tells whether path and query are all it needs', () => {
    const follows = (text: string) => followsUrl(parseTemplate(text, 1));
    expect(['$arg_id', 'x', '$1-$arg_b'].every(follows)).toBe(true);
    expect(['$http_host', '$cookie_a', '$remote_addr', '$arg_id$remote_addr'].some(follows)).toBe(false);
  });

  it('expands as replacing its variables one by one does', () => {
    const piece = fc.constantFrom(
      '$1',
      '${2}',
      '$arg_id',
      '${arg_x}',
      '$http_a',
      '$cookie_c',
      '$remote_addr',
      '-',
      '/',
      '7',
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
        // A name takes every letter and digit that follows it.
        const text = pieces.join('').replace(/(\$(?:arg|http|cookie|remote)_\w+?)(?=7)/g, '$1-');
        const facts = { query: 'x=X&id=I', headers: { a: 'A', cookie: 'c=C' } };
        expect(expand(text, facts, ['one', 'two'])).toBe(
          text
            .replaceAll('$1', 'one')
            .replaceAll('${2}', 'two')
            .replaceAll('$arg_id', 'I')
            .replaceAll('${arg_x}', 'X')
            .replaceAll('$http_a', 'A')
            .replaceAll('$cookie_c', 'C')
            .replaceAll('$remote_addr', '192.0.2.7'),
        );
      }),
    );
  });
});
