import type { Job } from '../running/job.js';
import type { HandedTurn } from './logic-servers.js';

/** Where each kind of turn has what it is for. */
const MEMBERS = { event: 'event', outcome: 'outcome', timer: 'timer', outbox: 'item' } as const;

/** A turn as it is handed out. @param value what a handler would be called with @param deadline unix ms */
export function handedTurn(job: Job, value: unknown, lock: string, deadline: number): HandedTurn {
  const { handler, input, failures, subject } = job;
  return {
    lock,
    attempt: failures + 1,
    handler: handler.name,
    kind: input.kind,
    key: subject,
    deadline: new Date(deadline).toISOString(),
    lease: handler.rules.timeoutMs / 1000,
    ...('lost' in input && { lost: input.lost }),
    [MEMBERS[input.kind]]: input.kind === 'event' ? eventOf(value) : value,
  };
}

/** Its position is no property of its own, which JSON would leave out. */
function eventOf(value: unknown): object {
  const { device, type, channel, position, publishedAt, data } = value as Readonly<Record<string, unknown>>;
  return { device, type, channel, position, publishedAt, data };
}
