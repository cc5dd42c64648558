import { idTime, seededJobId } from '../../commands/jobs/job-id.js';
import type { CalledJob } from './job.js';
import { describeInput, type TurnInput } from './turn-input.js';

/**
 * The id of a job that a turn starts. The same turn called again gives it the same one, so that it stands for the same job
 * also when the first call's answer was lost.
 * @param asked how much the turn had asked for before
 */
export function turnJobId(plugin: string, { handler, input }: CalledJob, asked: number): string {
  return seededJobId(timeOf(input), [plugin, handler.name, describeInput(input), timeOf(input), asked].join('\n'));
}

/** When what the turn is for happened, unix ms. */
function timeOf(input: TurnInput): number {
  if ('channel' in input) return input.publishedAt;
  return input.kind === 'timer' ? input.dueAt : idTime(input.id);
}
