import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { FROM_SOURCES } from '../support/hub-process.js';
import { endSpawned, Spawned } from './support/spawned.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-dev-'));
  for (const plugin of ['plain', 'typed']) await mkdir(join(folder, 'plugins', plugin, 'dist'), { recursive: true });
  await mkdir(join(folder, 'next'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await writeFile(
    join(folder, 'hub.yaml'),
    'engine: memory\nplugins: { thermostat: { enabled: off }, plain: { shadow: ./next }, typed: }\n',
  );
});

afterEach(async () => {
  await endSpawned();
  await rm(folder, { recursive: true });
});

/** A plugin in the JavaScript that a compiler makes of decorators. */
const code = (version: string) => `import { LogicServer, OnEvent } from 'signalbox/plugin';
export default class Edited { handle() {} }
OnEvent('devices/+/events/x')(Edited.prototype, 'handle', {});
LogicServer({ name: 'edited', version: '${version}' })(Edited);
`;
const save = (file: string, text: string) => writeFile(join(folder, 'plugins', file), text);

it('A hub for authors loads plugins anew that are saved, and goes on when one does not compile or load', async () => {
  await save('plain/index.mjs', code('1.0.0'));
  await save('../next/index.mjs', code('1.1.0'));
  await save('typed/index.mjs', `export { default } from './dist/made.js';\n`);
  // Nothing in this folder has the types of what the hub gives to plugins.
  await save('typed/made.ts', `// @ts-nocheck\n${code('1.0.0')}`);
  await save('typed/tsconfig.json', '{ "compilerOptions": { "outDir": "dist", "types": [] }, "files": ["made.ts"] }');
  const doors = ['--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'];
  const hub = new Spawned(process.execPath, [...FROM_SOURCES, 'dev', '--config', join(folder, 'hub.yaml'), ...doors]);
  await hub.shown('typed 1.0.0 runs.');
  await save('plain/index.mjs', code('2.0.0'));
  await hub.shown('plain 2.0.0 runs.');
  expect(hub.out).toContain(`The shadow of plain is watched in ${join(folder, 'next')}.`);
  await save('../next/index.mjs', code('2.1.0'));
  await hub.shown('The shadow of plain 2.1.0 runs.');
  await save('plain/index.mjs', 'export default class {');
  await hub.shown('The plugin "plain" was not reloaded, and goes on as it was: ');
  await save('typed/made.ts', 'const version: number = "wrong";');
  await hub.shown('does not compile, and the version that runs goes on:\n');
  expect(hub.out).toContain("made.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.");
  await save('typed/made.ts', `// @ts-nocheck\n${code('2.0.0')}`);
  await hub.shown('typed 2.0.0 runs.');
  await save('plain/index.mjs', code('3.0.0'));
  await hub.shown('plain 3.0.0 runs.');
  hub.kill('SIGTERM');
  expect(await hub.exit).toMatchObject({ code: 0 });
});
