import type { Jobs } from '../../../commands/jobs/jobs.js';
import type { JobDevice } from '../../../commands/jobs/progress.js';
import { jsonAnswer } from '../../answers.js';
import type { Answer } from '../../exchange.js';
import { oneOf, wholeNumber } from '../asked.js';

const MAX_DEVICES_A_PAGE = 1_000;
const DEVICES_A_PAGE = 100;
const LAST_NUMBER = 999_999_999;
const STATES: readonly JobDevice['state'][] = [
  ...(['WAITING', 'SENT', 'SUCCEEDED', 'FAILED', 'REJECTED', 'TIMED_OUT', 'DEAD'] as const),
  ...(['EXPIRED', 'CANCELED', 'REFUSED'] as const),
];

/**
 * GET /v1/commands/jobs/{id}/devices: devices in the job's order, each with its command. With `state` a page may hold fewer
 * than `limit`, also none, and still have a next one: each looks at 1,000 devices at most.
 * @throws HubError `bad_request`, `job_not_found`
 */
export async function devicesPage(jobs: Jobs, id: string, search: string): Promise<Answer> {
  const query = new URLSearchParams(search);
  const limit = wholeNumber(query, 'limit', 1, MAX_DEVICES_A_PAGE) ?? DEVICES_A_PAGE;
  const from = wholeNumber(query, 'after', 0, LAST_NUMBER) ?? 0;
  const state = oneOf(query, 'state', STATES);
  const lookedAt = state === undefined ? limit : MAX_DEVICES_A_PAGE;
  const found = await jobs.devices(id, from, lookedAt);
  const meant = found.filter(({ value }) => state === undefined || value.state === state).slice(0, limit);
  const last = meant.length === limit ? meant.at(-1) : found.at(-1);
  const isEnd = last === undefined || (last === found.at(-1) && found.length < lookedAt);
  return jsonAnswer(200, {
    devices: meant.map(({ value }) => viewDevice(value)),
    next: isEnd ? null : last.number + 1,
  });
}

function viewDevice({ device, state, command, error }: JobDevice): object {
  const href = command && `/v1/devices/${device}/commands/${command}`;
  return { device, state, ...(command && { command, href }), ...(error !== undefined && { error }) };
}
