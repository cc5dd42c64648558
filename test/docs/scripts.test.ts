import { describe, expect, it } from '@jest/globals';
import { documents, textOf } from './house-files.js';

const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };

/** Scripts that a document tells its reader to run. */
function scriptsIn(path: string): string[] {
  const commands = textOf(path).matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g);
  return Array.from(commands, ([, run, own]) => run ?? own ?? '');
}

describe('The scripts of package.json', () => {
  it.each(documents())('are what %s tells to run', (path) => {
    expect(scriptsIn(path).filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('are all told of in CONTRIBUTING.md or README.md', () => {
    const told = new Set(['README.md', 'CONTRIBUTING.md'].flatMap(scriptsIn));
    // npm runs it by itself after "npm ci".
    told.add('prepare');
    expect(Object.keys(scripts).filter((name) => !told.has(name))).toEqual([]);
  });
});

describe('README.md', () => {
  it.each(['npm ci && npm start', 'npm ci && npm test'])('begins with the command %s', (command) => {
    expect(textOf('README.md').split('\n')).toContain(command);
  });
});
