import { IsNumber, Max, Min } from 'class-validator';

const DEGREES = { message: 'A number of degrees Celsius from -200 to 1000 is allowed.' };

/** The settings under `plugins.thermostat.config`. */
export class ThermostatConfig {
  /** degrees Celsius above which the fan goes on */
  @IsNumber({}, DEGREES)
  @Min(-200, DEGREES)
  @Max(1000, DEGREES)
  limit = 30;
}
