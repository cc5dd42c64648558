import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const OWN_DOORS = new Map(
  ['plugin', 'testing'].map((door) => [
    `signalbox/${door}`,
    new URL(`../../src/${door}/index.ts`, import.meta.url).href,
  ]),
);
const { jest } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
const [, options] = jest.transform['^.+\\.ts$'];

/** Finds the sources behind the names that the compiled files will have. */
export function resolve(specifier, context, next) {
  const door = OWN_DOORS.get(specifier);
  if (door !== undefined) return { url: door, shortCircuit: true };
  if (/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts')) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return { url: source.href, shortCircuit: true };
  }
  return next(specifier, context);
}

/** Compiles as the tests are compiled. */
export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  const { code } = await transform(await readFile(filename, 'utf8'), { ...options, filename, sourceMaps: 'inline' });
  return { format: 'module', source: code, shortCircuit: true };
}
