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
/** Devices whose fan is remembered. Of one more, the one that was met first is forgotten, and told once more. */
const MAX_DEVICES = 200_000;

/** Switches a device's fan on when it is too warm and off when it has cooled down, and tells it no more than once. */
@LogicServer({ name: 'thermostat', version: '1.0.0', config: ThermostatConfig })
export class Thermostat {
  private readonly isOn = new Map<string, boolean>();

  constructor(private readonly config: ThermostatConfig) {}

  @OnEvent('devices/+/events/temperature', Temperature)
  regulate({ device, data: { celsius } }: DeviceEvent<Temperature>, turn: Turn) {
    const { limit } = this.config;
    // Between the two limits the fan stays as it is.
    if (celsius <= limit && celsius >= limit - HYSTERESIS) return;
    const on = celsius > limit;
    if (this.isOn.get(device) === on) return;
    turn.command(device, 'fan.set', { on });
    this.remember(device, on);
  }

  private remember(device: string, on: boolean): void {
    if (this.isOn.size >= MAX_DEVICES && !this.isOn.has(device)) {
      for (const first of this.isOn.keys()) {
        this.isOn.delete(first);
        break;
      }
    }
    this.isOn.set(device, on);
  }
}
