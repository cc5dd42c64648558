import { IsInt, Max, Min } from 'class-validator';

const MINUTES = { message: 'A whole number of minutes from 1 to 10080 (a week) is allowed.' };

/** The settings under `plugins.presence-alarm.config`. */
export class PresenceAlarmConfig {
  /** for so long a device is offline before there is an alarm */
  @IsInt(MINUTES)
  @Min(1, MINUTES)
  @Max(10_080, MINUTES)
  minutes = 5;
}
