import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatFault } from '../../src/config/fault.js';
import { defaultConfig, loadConfig, parseConfig } from '../../src/config/load-config.js';
import { faultsOf } from './faults-of.js';

describe('Without a configuration', () => {
  it('the hub listens on this machine alone and serves the two locations and the thermostat', () => {
    const { listen, admin, locations, plugins, file } = defaultConfig();
    expect(file).toBeUndefined();
    expect([listen, admin]).toEqual([
      { host: '127.0.0.1', port: 8080 },
      { host: '127.0.0.1', port: 8081 },
    ]);
    expect(locations).toMatchObject([
      {
        path: '/pub',
        channel: '$arg_id',
        publisher: true,
        subscriber: false,
        settings: {
          storeMessages: true,
          minMessageBufferLength: 20,
          maxMessageBufferLength: 20,
          messageTimeoutMs: 7_200_000,
        },
      },
      {
        path: '/sub',
        channel: '$arg_id',
        publisher: false,
        subscriber: true,
        settings: { subscriberMode: 'long-poll', subscriberConcurrency: 'broadcast', defaultType: 'text/plain' },
      },
    ]);
    expect(plugins).toMatchObject([{ name: 'thermostat', enabled: true, from: undefined, config: {} }]);
  });

  it('the limits are those of the issue and of nginx_http_push_module', () => {
    expect(defaultConfig().limits).toEqual({
      maxReservedMemory: 2 ** 25,
      maxDisk: 10 * 2 ** 30,
      maxMessages: 1_000_000,
      journalLength: 100_000,
      journalTimeoutMs: 259_200_000,
      maxChannels: 1_000_000,
      maxConnections: 200_000,
      maxHeadBytes: 8_192,
      headTimeoutMs: 10_000,
      bodyTimeoutMs: 30_000,
      keepAliveTimeoutMs: 75_000,
      maxReceivingBytes: 268_435_456,
      maxPipelinedBytes: 65_536,
      sendTimeoutMs: 60_000,
      stopTimeoutMs: 10_000,
    });
  });

  it('an empty file, one of comments, and empty sections come to the same', () => {
    for (const text of ['', '# nothing\n', '---\n', 'limits:\ndevices:\nlocations:\nplugins:\n']) {
      expect(parseConfig(text, 'hub.yaml')).toEqual({ ...defaultConfig(), file: join(process.cwd(), 'hub.yaml') });
    }
  });
});

describe('loadConfig', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
  const refusalOf = (file?: string) =>
    faultsOf(() => loadConfig({ ...(file === undefined ? {} : { file }), cwd: folder, env: {} })).map(formatFault);

  it('reads signalbox.yaml of the folder when none is named', () => {
    write('signalbox.yaml', 'listen: 127.0.0.1:9');
    expect(loadConfig({ cwd: folder, env: {} })).toMatchObject({
      file: join(folder, 'signalbox.yaml'),
      listen: { port: 9 },
    });
  });

  it('needs no file', () => {
    expect(loadConfig({ cwd: folder, env: {} })).toEqual({ ...defaultConfig(), data: join(folder, 'data') });
  });

  it('reads the file that is named and not signalbox.yaml', () => {
    write('signalbox.yaml', 'listen: 127.0.0.1:9');
    write('other.yaml', 'admin: 127.0.0.1:10');
    const config = loadConfig({ cwd: folder, file: 'other.yaml', env: {} });
    expect(config).toMatchObject({ file: join(folder, 'other.yaml'), listen: { port: 8080 }, admin: { port: 10 } });
  });

  it('names the file as it was named when it tells a fault', () => {
    mkdirSync(join(folder, 'etc'));
    write('etc/hub.yaml', 'listen: x\n');
    expect(refusalOf('./etc/hub.yaml')[0]).toMatch(/^\.\/etc\/hub\.yaml:1: listen is "x"\. HOST:PORT/);
  });

  it.each([
    ['none.yaml', 'none.yaml: There is no such file. Name a YAML file, or none to use signalbox.yaml or the defaults.'],
    ['.', '.: This is a folder. Name a YAML file in it.'],
    ['large.yaml', 'large.yaml: The file is larger than 1M, which no configuration is.'],
    ['/dev/zero', '/dev/zero: The file is larger than 1M, which no configuration is.'],
    ['latin1.yaml', 'latin1.yaml: The file is not UTF-8 text.'],
    ['large.yaml/x', expect.stringMatching(/^large\.yaml\/x: The file cannot be read: ENOTDIR/)],
  ])('refuses %s', (file, line) => {
    write('large.yaml', '#'.repeat(2 ** 20 + 1));
    write('latin1.yaml', Buffer.from('data: k\xfcche', 'latin1'));
    expect(refusalOf(file)).toEqual([line]);
  });

  it('refuses a signalbox.yaml that is a folder', () => {
    mkdirSync(join(folder, 'signalbox.yaml'));
    expect(refusalOf()).toEqual(['signalbox.yaml: This is a folder. Name a YAML file in it.']);
  });

  it('reads a file of exactly the greatest size, and one with a byte order mark', () => {
    write('large.yaml', `listen: 9 ${'#'.repeat(2 ** 20 - 10)}`);
    expect(loadConfig({ cwd: folder, file: 'large.yaml', env: {} }).listen.port).toBe(9);
    write('marked.yaml', '\ufefflisten: 10');
    expect(loadConfig({ cwd: folder, file: 'marked.yaml', env: {} }).listen.port).toBe(10);
  });

  it('lets the command line override the environment, and that the file', () => {
    write('signalbox.yaml', 'listen: 1\nadmin: 2\ndata: three\n');
    const env = { SIGNALBOX_LISTEN: '11', SIGNALBOX_ADMIN: '12' };
    const config = loadConfig({ cwd: folder, env, overrides: { listen: '21', admin: undefined } });
    expect([config.listen.port, config.admin.port]).toEqual([21, 12]);
  });

  it('begins relative paths where they are written', () => {
    mkdirSync(join(folder, 'etc'));
    write(
      'etc/hub.yaml',
      'data: keep\nplugins: { mine: { from: ../mine }, its: { from: its-package }, abs: { from: /srv/abs } }\n',
    );
    const load = (more: object) => loadConfig({ cwd: folder, file: 'etc/hub.yaml', env: {}, ...more });
    expect(load({}).data).toBe(join(folder, 'etc', 'keep'));
    expect(load({ env: { SIGNALBOX_DATA: 'keep' } }).data).toBe(join(folder, 'keep'));
    expect(load({ overrides: { data: '/srv/keep' } }).data).toBe('/srv/keep');
    const from = Object.fromEntries(load({}).plugins.map((plugin) => [plugin.name, plugin.from]));
    expect(from).toEqual({ thermostat: undefined, mine: join(folder, 'mine'), its: 'its-package', abs: '/srv/abs' });
  });

  it('names the option of the command line that is wrong', () => {
    const faults = faultsOf(() => loadConfig({ cwd: folder, env: {}, overrides: { listen: 'x', data: '' } }));
    expect(faults.map(({ file, key, value }) => [file, key, value])).toEqual([
      ['command line', '--listen', 'x'],
      ['command line', '--data', ''],
    ]);
  });
});
