import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { textOf } from './house-files.js';

const records = readdirSync('docs/adr').filter((name) => name !== 'README.md');

describe('An architecture decision record', () => {
  it.each(records)('%s tells its status, its context, the decision and the consequences', (name) => {
    const text = textOf(`docs/adr/${name}`);
    expect(text).toMatch(/^# \d+\. \S/);
    expect(text).toMatch(/^Status: (accepted|superseded by \[.*\]\(.*\)), \d{4}-\d{2}-\d{2}$/m);
    const headings = Array.from(text.matchAll(/^## (.*)$/gm), ([, heading]) => heading);
    expect(headings.slice(0, 3)).toEqual(['Context', 'Decision', 'Consequences']);
  });

  it('has the next number, the same in its name and its title, and a line in the list', () => {
    const numbers = records.map((name) => Number(name.slice(0, 4)));
    expect(numbers).toEqual(records.map((_, i) => i + 1));
    expect(records.map((name) => Number(/^# (\d+)\./.exec(textOf(`docs/adr/${name}`))?.[1]))).toEqual(numbers);
    const listed = Array.from(textOf('docs/adr/README.md').matchAll(/\]\((\d{4}-[\w-]+\.md)\)/g), ([, name]) => name);
    expect(listed).toEqual(records);
  });
});

describe('CHANGELOG.md', () => {
  it('has a section for what is not released, with something in it', () => {
    const unreleased = textOf('CHANGELOG.md')
      .split(/^## /m)
      .find((section) => section.startsWith('Unreleased\n'));
    expect(unreleased).toMatch(/^- \S/m);
  });
});
