import type { PluginNames } from './names.js';

/** The plugin's code: a module, a logic server and the class of its settings, by their paths. */
export function sourceFiles({ plugin, classes }: PluginNames): Readonly<Record<string, string>> {
  return {
    'src/index.ts': `import { Module } from '@nestjs/common';
import { ${classes}Logic } from './${plugin}.js';

/** What the hub loads: a Nest module with a logic server among its providers. */
@Module({ providers: [${classes}Logic] })
export default class ${classes}Module {}
`,
    [`src/${plugin}-config.ts`]: `import { IsNumber, Max, Min } from 'class-validator';

const DEGREES = { message: 'A number of degrees Celsius from -200 to 1000 is allowed.' };

/** The settings under \`plugins.${plugin}.config\`. */
export class ${classes}Config {
  /** degrees Celsius above which a device's fan goes on */
  @IsNumber({}, DEGREES)
  @Min(-200, DEGREES)
  @Max(1000, DEGREES)
  limit = 30;
}
`,
    [`src/${plugin}.ts`]: `import { IsNumber } from 'class-validator';
import { type DeviceEvent, LogicServer, OnEvent, OnTimer, type Timer, type Turn } from 'signalbox/plugin';
import { ${classes}Config } from './${plugin}-config.js';

/** The payload of an event \`temperature\`. */
export class Reading {
  @IsNumber({}, { message: 'celsius must be a number' })
  celsius!: number;
}

/** Switches a device's fan on when it is too warm, and off when it has not been for a quarter of an hour. */
@LogicServer({
  name: '${plugin}',
  version: '0.1.0',
  config: ${classes}Config,
  grants: { command: [{ device: '#', names: ['fan.set'] }] },
})
export class ${classes}Logic {
  constructor(private readonly config: ${classes}Config) {}

  @OnEvent('devices/+/events/temperature', Reading)
  async regulate({ device, data }: DeviceEvent<Reading>, turn: Turn) {
    if (data.celsius <= this.config.limit) return turn.skip('it is not too warm');
    turn.timers.set('fan-off', '15m');
    const kept = turn.state.for(device);
    if (await kept.get('isOn')) return;
    turn.command(device, 'fan.set', { on: true });
    kept.set('isOn', true);
  }

  @OnTimer('fan-off')
  cooledDown({ key: device }: Timer, turn: Turn) {
    turn.command(device, 'fan.set', { on: false });
    turn.state.for(device).delete('isOn');
  }
}
`,
  };
}
