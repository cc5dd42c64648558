import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsObject, IsOptional, IsString } from 'class-validator';
import type { CommandOutcome } from 'signalbox/plugin';

/** The payload of an event `rollout`. */
export class RolloutOrder {
  /** ids, in the order in which they get it */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(10_000)
  @IsString({ each: true })
  devices!: string[];

  /** of the command */
  @IsOptional()
  @IsObject()
  params?: object;
}

/** How a device of a wave ended. `missed`: it was never asked, for it did not come in time. */
export type DeviceEnd = 'succeeded' | 'failed' | 'missed';

/** How far a rollout is. */
export interface Rollout {
  readonly state: 'running' | 'done' | 'stopped';
  /** why it stopped */
  readonly reason?: string;
  readonly params: object;
  readonly waves: number;
  /** from 1 */
  readonly wave: number;
  /** the present wave's, or the last one's */
  readonly job: string;
  /** devices of the wave, and how many of them ended how */
  readonly size: number;
  readonly ends: Readonly<Record<DeviceEnd, number>>;
}

export const NO_ENDS: Rollout['ends'] = { succeeded: 0, failed: 0, missed: 0 };

/** Devices each once, wave by wave. @param percents of the fleet up to the end of each wave; waves without a device are left out */
export function wavesOf(devices: readonly string[], percents: readonly number[]): readonly (readonly string[])[] {
  const fleet = [...new Set(devices)];
  const ends = [...percents].sort((a, b) => a - b).map((percent) => Math.ceil((fleet.length * percent) / 100));
  const starts = [0, ...ends];
  return [...ends, fleet.length].map((end, wave) => fleet.slice(starts[wave], end)).filter(({ length }) => length > 0);
}

export function endOf({ state }: CommandOutcome): DeviceEnd {
  if (state === 'SUCCEEDED') return 'succeeded';
  return state === 'EXPIRED' || state === 'CANCELED' ? 'missed' : 'failed';
}

const PER_MINUTE: Readonly<Record<string, number>> = { s: 60, m: 1, h: 1 / 60 };

/** Minutes, rounded up, in which so many commands go out. @param rate as in `10/s` */
export function minutesToSend(count: number, rate: string): number {
  const [number, unit = ''] = rate.split('/');
  return Math.ceil(count / (Number(number) * (PER_MINUTE[unit] ?? 1)));
}

/** Failures that a wave may have. */
export function failuresAllowed(size: number, maxFailedPercent: number): number {
  return Math.floor((size * maxFailedPercent) / 100);
}

/** What follows from how the devices of a wave have ended: undefined while others are awaited. */
export function verdictOn({ size, ends }: Rollout, maxFailedPercent: number): 'next' | { stop: string } | undefined {
  const { succeeded, failed, missed } = ends;
  const allowed = failuresAllowed(size, maxFailedPercent);
  if (failed > allowed) return { stop: `${failed} of ${size} devices failed, and ${allowed} may` };
  if (succeeded + failed + missed < size) return undefined;
  return succeeded > 0 ? 'next' : { stop: `none of ${size} devices has done it` };
}
