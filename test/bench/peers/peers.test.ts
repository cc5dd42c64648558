import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../../src/config/load-config.js';
import { freePorts } from './free-ports.js';
import { nchan } from './nchan.js';
import { nchanConfiguration } from './nchan-configuration.js';
import { filled } from './peer.js';
import { peerNamed } from './peers.js';
import { versionOf } from './signalbox.js';
import { signalboxConfiguration } from './signalbox-configuration.js';

describe('A peer that is not installed', () => {
  it('is told of with what to install', () => {
    expect(() => nchan(process.execPath, { name: 'nchan' }, ['/nowhere/nginx'])).toThrow(
      '--vs nchan needs /nowhere/nginx, which is not here. On Debian: apt-get install nginx-light libnginx-mod-nchan.',
    );
  });

  it('is told of when it is a Node.js', () => {
    expect(() => versionOf('/nowhere/node')).toThrow('"/nowhere/node" is no Node.js that runs here');
    expect(versionOf(process.execPath)).toBe(process.version);
  });
});

describe("Signalbox's configuration", () => {
  const settings = {
    endpoint: { host: '127.0.0.1', port: 8123 },
    admin: { host: '127.0.0.1', port: 8124 },
    ...({ folder: '/tmp/x', fastLane: true, engine: 'memory', durability: 'disk', counter: undefined } as const),
  };

  it.each([
    ['inline', { name: 'thermostat', enabled: true, isolation: undefined }, []],
    ['worker', { name: 'thermostat', enabled: true, isolation: 'worker' }, []],
    ['external', { name: 'thermostat', enabled: false }, ['heating']],
  ] as const)('has its logic %s', (logic, plugin, servers) => {
    const { plugins, logicServers } = parseConfig(signalboxConfiguration({ ...settings, logic }), 'signalbox.yaml');
    expect(plugins).toEqual([expect.objectContaining(plugin)]);
    expect(logicServers.map(({ name }) => name)).toEqual(servers);
  });

  it('has the counter, isolated as the thermostat would be, where turns are counted', () => {
    const text = signalboxConfiguration({ ...settings, logic: 'worker', counter: '/bench/counter' });
    const { plugins } = parseConfig(text, 'signalbox.yaml');
    expect(plugins).toEqual([
      // Enabled as long as nothing says otherwise; it is given no event there.
      expect.objectContaining({ name: 'thermostat' }),
      expect.objectContaining({ name: 'counter', from: '/bench/counter', enabled: true, isolation: 'worker' }),
    ]);
  });
});

describe('A build of Signalbox', () => {
  it('is told of when it was not built', () => {
    const build = { node: process.execPath, before: '/nowhere', engine: 'memory', durability: 'disk' } as const;
    expect(() => peerNamed('signalbox-before', build)).toThrow(
      'There is no /nowhere/dist/src/main.js. Run "npm run build" first, in the folder of the package.',
    );
    expect(() => peerNamed('signalbox-before', { ...build, before: undefined })).toThrow('--before FOLDER');
  });
});

describe("Nchan's configuration", () => {
  const text = nchanConfiguration({
    endpoint: { host: '127.0.0.1', port: 8123 },
    folder: '/tmp/x',
    module: '/m.so',
    connections: 10_000,
  });

  it('keeps to its own folder and one worker', () => {
    expect(text).toContain('worker_processes 1;');
    expect(text).toContain('pid /tmp/x/nginx.pid;');
    expect(text.match(/_temp_path \/tmp\/x\/tmp\//g)).toHaveLength(5);
  });

  it('has room for the connections, so that nginx closes none of them', () => {
    const number = (name: string) => Number(new RegExp(`${name} (\\d+);`).exec(text)?.[1]);
    expect(number('worker_rlimit_nofile')).toBeGreaterThan(10_000);
    expect(number('worker_connections') * (15 / 16)).toBeGreaterThan(10_064);
  });
});

describe("Nchan's configuration with Redis", () => {
  it('passes every location to it', () => {
    const place = { endpoint: { host: '127.0.0.1', port: 8123 }, folder: '/tmp/x', module: '/m.so', connections: 10 };
    const text = nchanConfiguration({ ...place, redis: { host: '127.0.0.1', port: 6390 } });
    expect(text).toContain('upstream store { nchan_redis_server redis://127.0.0.1:6390; }');
    const locations = text.match(/location = .*/g) ?? [];
    expect(locations).toHaveLength(4);
    for (const location of locations) expect(location).toContain('nchan_redis_pass store;');
    expect(nchanConfiguration(place)).not.toContain('redis');
  });
});

describe('Templates', () => {
  it('are filled, and keep what they have no value for', () => {
    expect(filled('/{id}/{other}/{id}', { id: 7 })).toBe('/7/{other}/7');
  });
});

describe('Free ports', () => {
  it('are different ones', async () => {
    expect(new Set(await freePorts(3)).size).toBe(3);
  });
});
