import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { cruise, type Violation } from './cruise.js';

interface Rule {
  readonly name: string;
  readonly comment?: string;
}

const { forbidden } = createRequire(import.meta.url)(resolve('.dependency-cruiser.cjs')) as { forbidden: Rule[] };

/** The wiring of a house that stands: every file is reached from the command line or the plugin door. */
const sound = {
  'src/main.ts': "import './cli/run.js';",
  'src/cli/run.ts':
    "import 'commander';\nimport 'node:fs';\nimport '../config/load.js';\nimport '../hub.js';\nimport '../recording/line.js';\nimport '../replay/replay.js';",
  'src/replay/replay.ts': "import '../recording/line.js';\nimport '../testing/index.js';",
  'src/recording/line.ts': "import 'node:fs';",
  'src/config/load.ts': "import 'yaml';\nimport 'class-validator';\nimport 'node:fs';",
  'src/hub.ts': "import '@nestjs/core';\nimport './app.module.js';\nimport './telemetry/logger.js';",
  'src/app.module.ts': `import '@nestjs/common';
    import './admin/admin.module.js';
    import './engine/memory/memory-log.js';
    import './engine/lmdb/lmdb-log.js';
    import './gateway/gateway.module.js';
    import './logic/logic.js';
    import './telemetry/json-logger.js';`,
  'src/admin/admin.module.ts':
    "import '@nestjs/common';\nimport '../logic/logic.js';\nimport '../channels/channels.js';",
  'src/gateway/gateway.module.ts': `import '@nestjs/common';
    import './fast-lane/lane.js';
    import './fastify-door/door.js';
    import './device-api/device-api.js';`,
  'src/gateway/fast-lane/lane.ts': "import 'node:net';\nimport '../subscriber/poll.js';",
  'src/gateway/fastify-door/door.ts': "import 'fastify';\nimport '../publisher/post.js';",
  'src/gateway/subscriber/poll.ts': "import '../exchange.js';",
  'src/gateway/publisher/post.ts': "import '../exchange.js';\nimport '../../locations/location.js';",
  'src/gateway/device-api/device-api.ts': "import '../../commands/commands.js';",
  'src/gateway/exchange.ts': "import '../channels/channels.js';",
  'src/locations/location.ts': "import '../channels/channels.js';",
  'src/commands/commands.ts': "import 'ulid';\nimport 'node:crypto';\nimport '../devices/names.js';",
  'src/devices/names.ts': "import '../channels/channels.js';\nimport '../engine/port.js';",
  'src/channels/channels.ts': "import 'rxjs';\nimport '../engine/port.js';\nimport './clock.js';",
  'src/engine/port.ts': 'export type Position = number;',
  'src/engine/memory/memory-log.ts': "import '../port.js';",
  'src/engine/lmdb/lmdb-log.ts': "import '../port.js';\nimport 'lmdb';\nimport 'node:fs';",
  'src/logic/logic.ts': "import 'rxjs';\nimport '../plugin/index.js';\nimport '../commands/commands.js';",
  'src/device/index.ts': "import 'node:crypto';",
  'src/testing/index.ts': "import 'rxjs';\nimport '../logic/logic.js';\nimport './domain.module.js';",
  'src/testing/domain.module.ts': "import '@nestjs/core';\nimport '../engine/memory/memory-log.js';",
  'src/plugin/index.ts': `import '@nestjs/common';
    import 'rxjs';
    import type { Position } from '../engine/port.js';
    export type At = Position;`,
  'src/telemetry/json-logger.ts': "import 'pino';\nimport './logger.js';\nimport '../channels/clock.js';",
  'src/telemetry/logger.ts': 'export interface Logger {}',
  'src/channels/clock.ts': 'export interface Clock {}',
  'plugins/echo/echo.ts': "import 'signalbox/plugin';\nimport 'rxjs';\nimport '@nestjs/common';\nimport './answer.js';",
  'plugins/echo/answer.ts': 'export {};',
  'plugins/echo/test/echo.test.ts': "import '@jest/globals';\nimport '../echo.js';",
};

/** One line each that breaks one rule: the rule's name or how it begins, the file, what it imports, what that becomes. */
const broken: readonly (readonly [rule: string, file: string, imported: string, to: string])[] = [
  ['rooms: channels →', 'src/channels/channels.ts', '../gateway/exchange.js', 'src/gateway/exchange.ts'],
  [
    'rooms: channels →',
    'src/channels/channels.ts',
    '../engine/memory/memory-log.js',
    'src/engine/memory/memory-log.ts',
  ],
  ['rooms: channels →', 'src/channels/channels.ts', '../telemetry/json-logger.js', 'src/telemetry/json-logger.ts'],
  ['packages: channels →', 'src/channels/channels.ts', 'fastify', 'node_modules/fastify/'],
  ['node: channels →', 'src/channels/channels.ts', 'node:fs', 'fs'],
  ['rooms: engine ports →', 'src/engine/port.ts', './memory/memory-log.js', 'src/engine/memory/memory-log.ts'],
  ['packages: engine ports →', 'src/engine/port.ts', 'rxjs', 'node_modules/rxjs/'],
  ['rooms: engine/memory →', 'src/engine/memory/memory-log.ts', '../../channels/clock.js', 'src/channels/clock.ts'],
  ['rooms: engine/lmdb →', 'src/engine/lmdb/lmdb-log.ts', '../../channels/clock.js', 'src/channels/clock.ts'],
  ['packages: engine/lmdb →', 'src/engine/lmdb/lmdb-log.ts', 'rxjs', 'node_modules/rxjs/'],
  ['rooms: locations →', 'src/locations/location.ts', '../devices/names.js', 'src/devices/names.ts'],
  ['packages: locations →', 'src/locations/location.ts', 'class-validator', 'node_modules/class-validator/'],
  ['rooms: devices →', 'src/devices/names.ts', '../locations/location.js', 'src/locations/location.ts'],
  ['rooms: commands →', 'src/commands/commands.ts', '../logic/logic.js', 'src/logic/logic.ts'],
  ['node: commands →', 'src/commands/commands.ts', 'node:net', 'net'],
  ['rooms: plugin →', 'src/plugin/index.ts', '../devices/names.js', 'src/devices/names.ts'],
  ['plugin-door-knows-types-only', 'src/plugin/index.ts', '../commands/commands.js', 'src/commands/commands.ts'],
  ['packages: plugin →', 'src/plugin/index.ts', 'yaml', 'node_modules/yaml/'],
  ['rooms: logic →', 'src/logic/logic.ts', '../gateway/exchange.js', 'src/gateway/exchange.ts'],
  ['rooms: gateway →', 'src/gateway/exchange.ts', '../config/load.js', 'src/config/load.ts'],
  ['packages: gateway →', 'src/gateway/exchange.ts', 'pino', 'node_modules/pino/'],
  ['rooms: admin →', 'src/admin/admin.module.ts', '../gateway/exchange.js', 'src/gateway/exchange.ts'],
  ['packages: admin →', 'src/admin/admin.module.ts', 'yaml', 'node_modules/yaml/'],
  ['rooms: testing →', 'src/testing/index.ts', '../gateway/exchange.js', 'src/gateway/exchange.ts'],
  ['packages: testing →', 'src/testing/index.ts', 'fastify', 'node_modules/fastify/'],
  ['rooms: device →', 'src/device/index.ts', '../channels/clock.js', 'src/channels/clock.ts'],
  ['packages: device →', 'src/device/index.ts', 'rxjs', 'node_modules/rxjs/'],
  ['rooms: replay →', 'src/replay/replay.ts', '../gateway/exchange.js', 'src/gateway/exchange.ts'],
  ['packages: replay →', 'src/replay/replay.ts', 'rxjs', 'node_modules/rxjs/'],
  ['rooms: recording →', 'src/recording/line.ts', '../channels/clock.js', 'src/channels/clock.ts'],
  ['packages: recording →', 'src/recording/line.ts', 'rxjs', 'node_modules/rxjs/'],
  ['rooms: config →', 'src/config/load.ts', '../locations/location.js', 'src/locations/location.ts'],
  ['packages: config →', 'src/config/load.ts', 'commander', 'node_modules/commander/'],
  ['rooms: telemetry →', 'src/telemetry/json-logger.ts', '../channels/channels.js', 'src/channels/channels.ts'],
  ['packages: telemetry →', 'src/telemetry/json-logger.ts', 'fastify', 'node_modules/fastify/'],
  ['rooms: cli →', 'src/cli/run.ts', '../channels/channels.js', 'src/channels/channels.ts'],
  ['nobody-imports-the-wiring', 'src/logic/logic.ts', '../app.module.js', 'src/app.module.ts'],
  ['no-circles', 'plugins/echo/answer.ts', './echo.js', 'plugins/echo/echo.ts'],
  ['engines-do-not-know-each-other', 'src/engine/memory/memory-log.ts', '../other/other-log.js', 'src/engine/other/'],
  ['roles-do-not-know-each-other', 'src/gateway/publisher/post.ts', '../subscriber/poll.js', 'src/gateway/subscriber/'],
  ['roles-do-not-know-each-other', 'src/gateway/publisher/post.ts', '../fast-lane/lane.js', 'src/gateway/fast-lane/'],
  ['doors-do-not-know-each-other', 'src/gateway/fast-lane/lane.ts', '../fastify-door/door.js', 'src/gateway/fastify-'],
  ['nest-stays-at-the-rim', 'src/channels/channels.ts', '@nestjs/common', 'node_modules/@nestjs/common/'],
  ['nest-stays-at-the-rim', 'src/logic/logic.ts', '@nestjs/core', 'node_modules/@nestjs/core/'],
  ['plugins-use-the-plugin-door', 'plugins/echo/echo.ts', '../../src/channels/clock.js', 'src/channels/clock.ts'],
  ['plugins-use-the-plugin-door', 'plugins/echo/echo.ts', '../other/other.js', 'plugins/other/other.ts'],
  ['plugins-use-the-door-by-its-name', 'plugins/echo/echo.ts', '../../src/plugin/index.js', 'src/plugin/index.ts'],
  ['nothing-imports-tests', 'src/channels/clock.ts', '../../test/clock.js', 'test/clock.ts'],
  ['nothing-imports-tests', 'plugins/echo/echo.ts', './test/echo.test.js', 'plugins/echo/test/echo.test.ts'],
  ['everything-imported-exists', 'src/channels/clock.ts', './gone.js', './gone.js'],
  ['everything-imported-exists', 'src/channels/clock.ts', 'no-such-package', 'no-such-package'],
  ['everything-imported-is-declared', 'src/gateway/exchange.ts', 'fast-check', 'node_modules/fast-check/'],
];

describe('npm run arrows', () => {
  let violations: readonly Violation[] = [];

  beforeAll(async () => {
    const files: Record<string, string> = {
      ...sound,
      'src/cellar/jar.ts': "import '../channels/clock.js';",
      'src/engine/other/other-log.ts': "import '../port.js';",
      'src/locations/forgotten.ts': 'export {};',
      'plugins/other/other.ts': 'export {};',
      'test/clock.ts': 'export {};',
    };
    for (const [, file, imported] of broken) files[file] = `${files[file]}\nimport '${imported}';`;
    violations = await cruise(files);
  }, 60_000);

  it.each(broken)('tells that %s is broken by %s with %s', (rule, file, _, to) => {
    const told = violations.filter(({ from, to: reached }) => from === file && reached.startsWith(to));
    expect(told.map(({ rule: name }) => name)).toContainEqual(expect.stringMatching(new RegExp(`^${rule}`)));
  });

  it('tells of a room that has no rule, and of a file that nothing leads to', () => {
    expect(violations).toContainEqual(
      expect.objectContaining({ rule: 'every-file-has-a-room', from: 'src/cellar/jar.ts' }),
    );
    expect(violations).toContainEqual({
      rule: 'nothing-lies-unused',
      from: 'src/locations/forgotten.ts',
      to: 'src/locations/forgotten.ts',
    });
  });

  it('has every house rule broken above', () => {
    const houseRules = forbidden.map(({ name }) => name).filter((name) => !name.includes(':'));
    const told = new Set(violations.map(({ rule }) => rule));
    expect(houseRules.filter((name) => !told.has(name))).toEqual([]);
  });

  it('has nothing to say of a house that keeps them', async () => {
    expect(await cruise(sound)).toEqual([]);
  }, 60_000);

  it('has the arrows of docs/architecture.md, word for word', () => {
    const text = readFileSync('docs/architecture.md', 'utf8');
    const section = text.split(/^## /m).find((part) => part.startsWith('Arrows\n')) ?? '';
    const documented = section.split('```')[1]?.trim().split('\n') ?? [];
    const enforced = new Set(forbidden.flatMap(({ comment }) => (comment?.includes('→') ? [comment] : [])));
    enforced.delete('main → cli → hub.ts → app.module.ts, and nobody else imports these.');
    expect([...enforced].sort()).toEqual(documented.sort());
  });
});
