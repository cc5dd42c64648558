import { IsNumber } from 'class-validator';
import { type DeviceEvent, LogicServer, OnEvent, type Turn } from 'signalbox/plugin';
import { ThermostatConfig } from './thermostat-config.js';

/** The payload of an event `temperature`. */
export class Temperature {
  @IsNumber({}, { message: 'celsius must be a number' })
  celsius!: number;
}

/** Degrees below the limit at which the fan goes off again, so that it does not go on and off at the limit itself. */
const HYSTERESIS = 2;

/** Switches a device's fan on when it is too warm and off when it has cooled down, and tells it no more than once. */
@LogicServer({
  name: 'thermostat',
  version: '1.1.0',
  config: ThermostatConfig,
  grants: { command: [{ device: '#', names: ['fan.set'] }], state: '64m' },
})
export class Thermostat {
  constructor(private readonly config: ThermostatConfig) {}

  @OnEvent('devices/+/events/temperature', Temperature)
  async regulate({ device, data: { celsius } }: DeviceEvent<Temperature>, turn: Turn) {
    const { limit } = this.config;
    if (celsius <= limit && celsius >= limit - HYSTERESIS)
      return turn.skip('between the limits: the fan stays as it is');
    const on = celsius > limit;
    const kept = turn.state.for(device);
    if ((await kept.get('on')) === on) return turn.skip('the fan was told already');
    turn.command(device, 'fan.set', { on });
    kept.set('on', on);
  }
}
