import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

it('is the one place that loads @nestjs/swagger, so that a start need not', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const loading = sources.filter((name) =>
    /^(import|export) (?!type )[^;]*?from '@nestjs\/swagger'/m.test(readFileSync(`src/${name}`, 'utf8')),
  );
  expect(sources.length).toBeGreaterThan(100);
  expect(loading).toEqual([]);
});
