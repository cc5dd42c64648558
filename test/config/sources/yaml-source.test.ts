import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../src/config/fault.js';
import type { Entry } from '../../../src/config/sources/entry.js';
import { readYaml } from '../../../src/config/sources/yaml-source.js';

function read(text: string): { root: Entry | undefined; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  return { root: readYaml(text, { file: 'hub.yaml', folder: '/etc' }, faults), faults };
}

/** line, key and the beginning of what is allowed of each fault */
function told(text: string): readonly string[] {
  return read(text).faults.map(({ line, key, allowed }) => `${line} ${key}: ${allowed.slice(0, 40)}`);
}

describe('A YAML file', () => {
  it('gives each key its line, its full name and its value', () => {
    const { root } = read('# first\nlisten: 8080\nlimits:\n  # none\n  max_channels: 7\n\n  "max messages":\n    8\n');
    const limits = root?.members?.get('limits');
    expect(root?.members?.get('listen')).toMatchObject({
      key: 'listen',
      line: 2,
      value: 8080,
      file: 'hub.yaml',
      folder: '/etc',
    });
    expect(limits).toMatchObject({ line: 3, value: { max_channels: 7, 'max messages': 8 } });
    expect(limits?.members?.get('max_channels')).toMatchObject({ key: 'limits.max_channels', line: 5, value: 7 });
    expect(limits?.members?.get('max messages')).toMatchObject({ key: 'limits."max messages"', line: 7, value: 8 });
  });

  it('gives each item of a list its line and its place', () => {
    const { root } = read('locations:\n  - path: /a\n    gzip: on\n  -\n    path: /b\n  - 7\n');
    const items = root?.members?.get('locations')?.items;
    expect(items?.map(({ key, line }) => [key, line])).toEqual([
      ['locations[0]', 2],
      ['locations[1]', 5],
      ['locations[2]', 6],
    ]);
    expect(items?.[0]?.members?.get('gzip')).toMatchObject({ key: 'locations[0].gzip', line: 3, value: 'on' });
    expect(items?.[2]).toMatchObject({ value: 7, members: undefined, items: undefined });
  });

  it('may be empty, and so may a key', () => {
    expect(read('').root).toMatchObject({ value: null, members: undefined });
    expect(read('# nothing\n').root?.value).toBeNull();
    expect(read('limits:\n').root?.members?.get('limits')).toMatchObject({ line: 1, value: null, members: undefined });
  });

  it('follows an alias to the lines of what it names', () => {
    const { root, faults } = read('limits: &some\n  max_channels: 1\ndevices: *some\n');
    expect(faults).toEqual([]);
    const devices = root?.members?.get('devices');
    expect(devices).toMatchObject({ line: 3, value: { max_channels: 1 } });
    expect(devices?.members?.get('max_channels')).toMatchObject({ key: 'devices.max_channels', line: 2, value: 1 });
  });

  it('keeps keys that JavaScript gives a meaning as they are', () => {
    const { root } = read('__proto__: { a: 1 }\nconstructor: 2\n');
    expect([...(root?.members?.keys() ?? [])]).toEqual(['__proto__', 'constructor']);
    expect(root?.members?.get('__proto__')?.members?.get('a')?.value).toBe(1);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });

  it.each([
    ['a: 1\nb: [1\nc: 2\n', ['3 : Not YAML: Flow sequence in block collect']],
    ['a: 1\n\tb: 2\n', ['2 : Not YAML: Tabs are not allowed as indent']],
    ['a: "x\n', ['2 : Not YAML: Missing closing "quote.']],
    ['a: b: c\n', ['1 : Not YAML: Nested mappings are not allowe']],
    ['a: !secret x\n', ['1 : Not YAML: Unresolved tag: !secret.']],
    ['a: 1\n---\nb: 2\n', ['2 : A second document begins here; one is al']],
    ['? [a]\n: 1\n', ['1 : A key is a plain word.']],
    [
      'a: *none\nb: 2\nc: *nor\n',
      ['1 *none: No anchor of this name stands before it.', '3 *nor: No anchor of this name stands before it.'],
    ],
    ['a: &a\n  b: *a\n', ['2 *a: An alias cannot stand within what it nam']],
    ['a: &a [1, [*a]]\n', ['1 *a: An alias cannot stand within what it nam']],
  ])('is refused as %j with the line', (text, faults) => {
    expect(told(text)).toEqual(faults);
    expect(read(text).root).toBeUndefined();
  });

  it('tells a key that stands twice, and is read on', () => {
    const { root } = read('a: 1\nb:\n  c: 2\n  c: 3\na: 4\n');
    expect(told('a: 1\nb:\n  c: 2\n  c: 3\na: 4\n')).toEqual([
      '4 c: The key stands here a second time; once ',
      '5 a: The key stands here a second time; once ',
    ]);
    expect(root?.members?.get('a')?.value).toBe(4);
  });

  it('tells one error of a line, and those of other lines', () => {
    expect(told('a: {x: [}, ]\nb: "\\z"\n').map((fault) => fault.slice(0, 12))).toEqual([
      '1 : Not YAML',
      '2 : Not YAML',
    ]);
  });

  it('stops anchors that multiply each other', () => {
    const layers = Array.from(
      { length: 12 },
      (_, i) => `a${i}: &a${i} [${Array(9).fill(i === 0 ? 'x' : `*a${i - 1}`)}]`,
    );
    expect(told(layers.join('\n'))).toEqual(['undefined : At most 1000 aliases are allowed, those ']);
  });

  it('allows a thousand aliases and not one more', () => {
    const text = (count: number) => `a: &a 1\nb: [${Array(count).fill('*a')}]\n`;
    expect(told(text(1000))).toEqual([]);
    expect(told(text(1001))).toEqual(['undefined : At most 1000 aliases are allowed, those ']);
  });

  it('survives nesting without end', () => {
    const { root, faults } = read('['.repeat(50_000));
    expect(root).toBeUndefined();
    expect(faults[0]).toMatchObject({ line: 1, allowed: 'Mappings and lists are nested too deeply here.' });
  });
});
