/**
 * Which room may import which: the arrows of docs/architecture.md as rules. What is not written here fails
 * `npm run arrows`. The comment of a room's rule is the line of the document word for word; test/house compares the two
 * and shows every rule a bad example.
 */

/** what engines and those who use them share */
const ENGINE_PORTS = '^src/engine/[^/]+\\.ts$';
const CHANNELS = '^src/channels/';
const COMMANDS = '^src/commands/';
const CONFIG = '^src/config/';
/** times and sizes are read and shown as the configuration writes them */
const UNITS = '^src/config/units/';
const DEVICES = '^src/devices/';
const GATEWAY = '^src/gateway/';
const LOCATIONS = '^src/locations/';
const LOGIC = '^src/logic/';
const PLUGIN = '^src/plugin/';
const REPLAY = '^src/replay/';
const RECORDING = '^src/recording/';
const TELEMETRY = '^src/telemetry/';
const HUB_VERSION = '^src/telemetry/package-version\\.ts$';
/** the port that every room may write to, and what has Nest write there */
const LOGGER = '^src/telemetry/(logger|nest-log)\\.ts$';
/** they put the rooms together, so they see all of them */
const WIRING = '^src/(app\\.module|hub|main)\\.ts$';

const ANY = '.';

/** what is called from outside: the command line, the plugin door, and what devices and tests import */
const DOORS =
  '^src/(main|plugin/index|device/index|testing/index|logic/worker/worker-main|logic/inspection/inspection-main)\\.ts$';

/** Files that may know the framework: shells that only translate, and what puts them together. */
const NEST_FILES = [
  '^src/(main|hub)\\.ts$',
  '\\.(module|controller|gateway|guard|filter|pipe|dto)\\.ts$',
  '^src/plugin/',
  '^plugins/',
];

/**
 * to: what of src a room may import; packages: those beside @nestjs/*, which has a rule of its own; node: which of Node's
 * modules, as a regular expression.
 */
const rooms = [
  { room: CHANNELS, arrow: 'channels → engine ports; rxjs', to: [ENGINE_PORTS], packages: ['rxjs'] },
  { room: ENGINE_PORTS, arrow: 'engine ports → nothing', to: [] },
  { room: '^src/engine/memory/', arrow: 'engine/memory → engine ports', to: [ENGINE_PORTS] },
  {
    room: '^src/engine/lmdb/',
    arrow: 'engine/lmdb → engine ports; lmdb, Node',
    to: [ENGINE_PORTS],
    packages: ['lmdb'],
    node: ANY,
  },
  { room: LOCATIONS, arrow: 'locations → channels', to: [CHANNELS] },
  { room: DEVICES, arrow: 'devices → channels, engine ports', to: [CHANNELS, ENGINE_PORTS] },
  {
    room: COMMANDS,
    arrow: "commands → channels, devices, engine ports; ulid, Node's crypto",
    to: [CHANNELS, DEVICES, ENGINE_PORTS],
    packages: ['ulid'],
    node: '^(node:)?crypto$',
  },
  {
    room: PLUGIN,
    arrow: 'plugin → types of channels, commands, engine ports; class-validator, reflect-metadata, rxjs',
    to: [CHANNELS, COMMANDS, ENGINE_PORTS],
    packages: ['class-validator', 'reflect-metadata', 'rxjs'],
  },
  {
    room: LOGIC,
    arrow:
      "logic → channels, commands, devices, plugin, engine ports, units of config, the hub's version; class-transformer, " +
      'class-validator, rxjs, semver, Node',
    to: [CHANNELS, COMMANDS, DEVICES, PLUGIN, ENGINE_PORTS, UNITS, HUB_VERSION],
    packages: ['class-transformer', 'class-validator', 'rxjs', 'semver'],
    node: ANY,
  },
  {
    room: GATEWAY,
    arrow: 'gateway → channels, commands, devices, locations, engine ports; fastify, Node',
    to: [CHANNELS, COMMANDS, DEVICES, LOCATIONS, ENGINE_PORTS],
    packages: ['fastify'],
    node: ANY,
  },
  {
    room: '^src/admin/',
    arrow:
      'admin → channels, commands, devices, locations, logic, recording, telemetry, engine ports, units of config; ' +
      'class-transformer, class-validator, fastify, Node',
    to: [CHANNELS, COMMANDS, DEVICES, LOCATIONS, LOGIC, RECORDING, TELEMETRY, ENGINE_PORTS, UNITS],
    packages: ['class-transformer', 'class-validator', 'fastify'],
    node: ANY,
  },
  {
    room: '^src/testing/',
    arrow:
      'testing → channels, commands, devices, logic, plugin, config, recording, telemetry, engine/memory, engine ports; ' +
      'reflect-metadata, rxjs, Node',
    to: [CHANNELS, COMMANDS, DEVICES, LOGIC, PLUGIN, CONFIG, RECORDING, TELEMETRY, '^src/engine/memory/', ENGINE_PORTS],
    packages: ['reflect-metadata', 'rxjs'],
    node: ANY,
  },
  { room: '^src/device/', arrow: 'device → nothing; Node', to: [], node: ANY },
  {
    room: REPLAY,
    arrow: 'replay → channels, devices, logic, testing, recording, config, engine ports; Node',
    to: [CHANNELS, DEVICES, LOGIC, '^src/testing/', RECORDING, CONFIG, ENGINE_PORTS],
    node: ANY,
  },
  { room: RECORDING, arrow: 'recording → nothing; Node', to: [], node: ANY },
  {
    room: CONFIG,
    arrow: 'config → nothing; class-validator, yaml, Node',
    to: [],
    packages: ['class-validator', 'yaml'],
    node: ANY,
  },
  {
    room: TELEMETRY,
    arrow: 'telemetry → the clock of channels; pino, Node',
    to: ['^src/channels/clock\\.ts$'],
    packages: ['pino'],
    node: ANY,
  },
  {
    room: '^src/cli/',
    arrow:
      'cli → config, locations, recording, replay, telemetry, backup of engine/lmdb, inspection of logic, hub.ts; ' +
      'commander, Node',
    to: [
      CONFIG,
      LOCATIONS,
      RECORDING,
      REPLAY,
      TELEMETRY,
      '^src/engine/lmdb/backup/',
      '^src/logic/inspection/',
      '^src/hub\\.ts$',
    ],
    packages: ['commander'],
    node: ANY,
  },
];

/** What a room's files may import of src, of packages and of Node: three rules with one comment. */
function rulesOf({ room, arrow, to, packages = [], node }) {
  const from = { path: room };
  const allowedPackages = `node_modules/(${[...packages, '@nestjs/[^/]+'].join('|')})/`;
  const nodeRule = node === ANY ? [] : [{ name: `node: ${arrow}`, to: { dependencyTypes: ['core'], pathNot: node } }];
  return [
    { name: `rooms: ${arrow}`, to: { path: '^(src|plugins)/', pathNot: [room, LOGGER, ...to] } },
    { name: `packages: ${arrow}`, to: { path: 'node_modules/', pathNot: allowedPackages } },
    ...nodeRule,
  ].map((rule) => ({ ...rule, from, comment: arrow, severity: 'error' }));
}

const houseRules = [
  {
    name: 'every-file-has-a-room',
    comment: 'A new room gets its line in docs/architecture.md and its row in this file.',
    from: { path: '^src/', pathNot: [WIRING, ...rooms.map(({ room }) => room)] },
    to: {},
  },
  {
    name: 'nobody-imports-the-wiring',
    comment: 'main → cli → hub.ts → app.module.ts, and nobody else imports these.',
    from: { path: '^(src|plugins)/', pathNot: [WIRING, '^src/cli/'] },
    to: { path: WIRING },
  },
  {
    name: 'no-circles',
    comment: 'What cannot be put in an order cannot be read in one. Move what both need below both.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'engines-do-not-know-each-other',
    comment: 'An engine is a folder that can be thrown away. What two share belongs to the ports.',
    from: { path: '^src/engine/([^/]+)/' },
    to: { path: '^src/engine/[^/]+/', pathNot: '^src/engine/$1/' },
  },
  {
    name: 'roles-do-not-know-each-other',
    comment: 'gateway/publisher, subscriber and device-api are siblings; what two share lies above them.',
    from: { path: '^src/gateway/(publisher|subscriber|device-api)/' },
    to: { path: '^src/gateway/[^/]+/', pathNot: '^src/gateway/$1/' },
  },
  {
    name: 'doors-do-not-know-each-other',
    comment: 'The fast lane and the Fastify door meet in public-door.ts alone.',
    from: { path: '^src/gateway/(fast-lane|fastify-door)/' },
    to: { path: '^src/gateway/(fast-lane|fastify-door|examples)/', pathNot: '^src/gateway/$1/' },
  },
  {
    name: 'plugin-door-knows-types-only',
    comment: 'A plugin must load without the hub: src/plugin uses other rooms as types.',
    from: { path: PLUGIN },
    to: { path: '^src/', pathNot: PLUGIN, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'nest-stays-at-the-rim',
    comment:
      '@nestjs/* in *.{module,controller,gateway,guard,filter,pipe,dto}.ts, main.ts, hub.ts and the plugin door only.',
    from: { path: '^(src|plugins)/', pathNot: NEST_FILES },
    to: { path: '^node_modules/@nestjs/' },
  },
  {
    name: 'plugins-use-the-plugin-door',
    comment: 'A plugin imports "signalbox/plugin", libraries and its own files, as one from npm would.',
    from: { path: '^plugins/([^/]+)/', pathNot: '^plugins/[^/]+/test/' },
    to: { path: '^(src|plugins)/', pathNot: ['^plugins/$1/', '^src/plugin/index\\.ts$'] },
  },
  {
    name: 'plugins-use-the-door-by-its-name',
    comment: 'Write "signalbox/plugin", not the way to its file.',
    from: { path: '^plugins/' },
    to: { path: '^src/plugin/', dependencyTypesNot: ['aliased'] },
  },
  {
    name: 'nothing-imports-tests',
    from: { path: '^(src|plugins)/', pathNot: '^plugins/[^/]+/test/' },
    to: { path: '^(test/|plugins/[^/]+/test/)' },
  },
  {
    name: 'nothing-lies-unused',
    comment: 'Neither the command line nor the plugin door leads to this file. The compiler alone reads .d.ts files.',
    from: { path: DOORS },
    to: { path: '^src/', pathNot: [DOORS, '\\.d\\.ts$'], reachable: false },
  },
  {
    name: 'everything-imported-exists',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'everything-imported-is-declared',
    comment: 'What runs in production stands under "dependencies" in package.json.',
    from: { path: '^(src|plugins)/', pathNot: '^plugins/[^/]+/test/' },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
];

module.exports = {
  forbidden: [...rooms.flatMap(rulesOf), ...houseRules.map((rule) => ({ ...rule, severity: 'error' }))],
  options: {
    doNotFollow: { path: '^node_modules/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
