import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pluginNames } from '../../src/cli/new-plugin/names.js';
import { sourceFiles } from '../../src/cli/new-plugin/source-files.js';
import { testFile } from '../../src/cli/new-plugin/test-file.js';
import { codeBlocks, textOf } from './house-files.js';

const DOCUMENT = 'docs/plugins.md';
const COMMAND_LINE = ['--import', resolve('test/support/run-typescript.mjs')];
const execute = promisify(execFile);
const blocks = codeBlocks(DOCUMENT, 'ts');

/** What `signalbox plugin new cooler` makes. */
const names = pluginNames('cooler') ?? { plugin: '', classes: '' };
const server = sourceFiles(names)['src/cooler.ts'] ?? 'missing';
const tests = testFile(names);

function blockWith(text: string): string {
  const found = blocks.find((block) => block.includes(text));
  if (found === undefined) throw new Error(`${DOCUMENT} has no block of code with ${text}.`);
  return found;
}

/** The pipeline of the document as a plugin, and its marbles. */
const MARBLES = `
import { test } from 'node:test';
import { IsNumber } from 'class-validator';
import { bufferTime, filter, map, type Observable } from 'rxjs';
import { type DeviceEvent, type Emission, type LogicClock, LogicServer, message, Pipeline } from 'signalbox/plugin';
import { event, pipeline } from 'signalbox/testing';

class Temperature { @IsNumber() celsius!: number; }
@LogicServer({ name: 'watch', version: '1.0.0', grants: { publish: ['average'] } })
class WatchModule {
${blockWith('@Pipeline(')}
}
test('average', async () => {
${blockWith('.marbles(')}
});
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-docs-'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const files = {
    ...sourceFiles(names),
    'test/cooler.test.ts': tests,
    'test/document.test.ts': blockWith('dropNextAck()'),
    'test/marbles.test.ts': MARBLES,
  };
  for (const [path, text] of Object.entries({ ...files, 'package.json': '{"type":"module"}' })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe(DOCUMENT, () => {
  it('shows the plugin that signalbox plugin new makes, and how its tests begin', () => {
    const text = textOf(DOCUMENT);
    expect(text).toContain(server);
    expect(tests).toContain(blockWith('a quarter of an hour after').trimEnd());
  });

  it.each(['cooler', 'document', 'marbles'])('has tests that pass: %s', async (name) => {
    const { stdout } = await execute(
      process.execPath,
      [...COMMAND_LINE, '--test', '--test-reporter=tap', `test/${name}.test.ts`],
      {
        cwd: folder,
      },
    );
    expect(stdout).toMatch(/^# fail 0$/m);
    expect(stdout).not.toMatch(/^# pass 0$/m);
  });
});
