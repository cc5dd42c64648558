import { Module } from '@nestjs/common';
import { Thermostat } from './thermostat.js';

/** What the hub loads: a Nest module with a logic server among its providers. */
@Module({ providers: [Thermostat] })
export default class ThermostatModule {}
