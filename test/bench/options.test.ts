import { describe, expect, it } from '@jest/globals';
import { BenchFault } from './bench-fault.js';
import { HELP, parseOptions } from './options.js';
import { peerNames, scenarioNames } from './peers/peer.js';

describe("The bench's options", () => {
  it('are all scenarios against nobody when nothing is asked for', () => {
    expect(parseOptions([])).toMatchObject({
      scenarios: scenarioNames,
      server: 'signalbox',
      versus: [],
      bodyBytes: 100,
    });
  });

  it('are read', () => {
    const argv = [
      '--scenario',
      'publish,fanout',
      '--vs=nchan',
      '--conns',
      '10,20',
      '--rounds',
      '7',
      '--seconds',
      '0.5',
    ];
    expect(parseOptions([...argv, '--size', '4096', '--json', 'x.json', '--quick'])).toMatchObject({
      scenarios: ['fanout', 'publish'],
      versus: ['nchan'],
      connections: [10, 20],
      rounds: 7,
      seconds: 0.5,
      bodyBytes: 4096,
      json: 'x.json',
      quick: true,
    });
  });

  it('compare with another build when its folder is given', () => {
    expect(parseOptions(['--vs', 'nchan', '--before', '../old'])).toMatchObject({
      versus: ['nchan', 'signalbox-before'],
      before: '../old',
    });
  });

  it('are of messages in memory unless the engine on disk is asked for', () => {
    expect(parseOptions([])).toMatchObject({ engine: 'memory', durability: 'disk' });
    expect(parseOptions(['--engine', 'lmdb', '--durability', 'memory', '--vs', 'signalbox-memory'])).toMatchObject({
      engine: 'lmdb',
      durability: 'memory',
      versus: ['signalbox-memory'],
    });
  });

  it('mean the scenarios for which they are of use', () => {
    expect(parseOptions(['--rate', '2000']).scenarios).toEqual(['roundtrip']);
    expect(parseOptions(['--vs', 'nchan']).scenarios).not.toContain('commands');
    expect(parseOptions(['--vs', 'signalbox-worker']).scenarios).toEqual(scenarioNames);
    expect(parseOptions(['--vs', 'signalbox-external']).scenarios).toEqual(
      scenarioNames.filter((name) => name !== 'turns' && name !== 'catch-up'),
    );
    expect(parseOptions(['--growth']).scenarios).toEqual(['fanout', 'park']);
  });

  it.each([
    [['--scenari', 'fanout'], 'There is no option --scenari'],
    [['fanout'], '"fanout" is no option'],
    [['--scenario', 'fan'], '--scenario does not know "fan"; it knows fanout, roundtrip'],
    [['--vs', 'apache'], '--vs does not know "apache"'],
    [['--vs', 'signalbox'], 'would compare the server with itself'],
    [['--engine', 'redis'], '--engine does not know "redis"; it knows memory, lmdb'],
    [['--durability', 'none'], '--durability means nothing with --engine memory'],
    [['--rounds'], '--rounds needs a value'],
    [['--rounds', '0'], '--rounds takes a number from 1 to 50, not "0"'],
    [['--rounds', '1.5'], '--rounds takes whole numbers'],
    [['--conns', '10,,20'], '--conns takes a number from 1 to 200000, not ""'],
    [['--size', '5'], '--size takes a number from 48'],
    [['--seconds', '1e9'], '--seconds takes a number'],
    [['--quick=yes'], '--quick takes no value'],
    [['--rate', '100', '--scenario', 'fanout'], '--rate means nothing for fanout'],
    [['--rate', '100', '--scenario', 'drain'], 'it is for roundtrip, control-loop and commands.'],
    [['--scenario', 'commands', '--vs', 'nchan'], 'commands asks for what nchan does not have: queues of commands.'],
    [
      ['--scenario', 'turns', '--vs', 'signalbox-external'],
      'turns asks for what signalbox-external does not have: a plugin.',
    ],
    [['--growth', '--scenario', 'publish'], '--growth is for fanout and park, not for publish'],
    [['--growth', '--conns', '5'], 'give one of them'],
  ])('refuse %p with a sentence', (argv, sentence) => {
    expect(() => parseOptions(argv)).toThrow(BenchFault);
    expect(() => parseOptions(argv)).toThrow(sentence);
  });

  it.each([...peerNames, ...scenarioNames])('tell of %s in their help', (name) => {
    expect(HELP).toContain(name);
  });
});
