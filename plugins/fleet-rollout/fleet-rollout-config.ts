import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsInt, IsNumber, Matches, Max, Min } from 'class-validator';

const WAVES = {
  message: '1 to 20 percentages from 0.01 to 100 are allowed; what is left after the last is one more wave.',
};
const EACH_WAVE = { ...WAVES, each: true };
const PERCENT = { message: 'A number of percent from 0 to 100 is allowed.' };
const MINUTES = { message: 'A whole number of minutes from 1 to 10080 (a week) is allowed.' };

/** The settings under `plugins.fleet-rollout.config`. */
export class FleetRolloutConfig {
  /** how much of the fleet each wave brings the rollout to, in percent */
  @IsArray(WAVES)
  @ArrayNotEmpty(WAVES)
  @ArrayMaxSize(20, WAVES)
  @IsNumber({}, EACH_WAVE)
  @Min(0.01, EACH_WAVE)
  @Max(100, EACH_WAVE)
  waves = [1, 10, 50, 100];

  /** of a wave's devices: when more fail, the rollout stops */
  @IsNumber({}, PERCENT)
  @Min(0, PERCENT)
  @Max(100, PERCENT)
  maxFailedPercent = 5;

  /** that each device has to come and to do it; one that has told nothing by then has failed */
  @IsInt(MINUTES)
  @Min(1, MINUTES)
  @Max(10_080, MINUTES)
  waveMinutes = 60;

  /** between two waves */
  @IsInt(MINUTES)
  @Min(1, MINUTES)
  @Max(10_080, MINUTES)
  pauseMinutes = 10;

  /** commands a second, minute or hour */
  @Matches(/^[1-9]\d{0,3}\/[smh]$/, { message: 'A rate is allowed, as in "10/s", "90/m" or "500/h".' })
  rate = '10/s';
}
