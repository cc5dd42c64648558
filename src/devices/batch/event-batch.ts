import { HubError } from '../../channels/hub-error.js';
import { checkEventType } from '../device-id.js';

/** One event of a batch, checked. */
export interface BatchEvent {
  /** chosen by the device; the same one within ten minutes is stored once */
  readonly id: string | undefined;
  readonly type: string;
  /** the event's data as JSON */
  readonly dataJson: string;
}

export const BATCH_LIMITS = {
  /** events in one batch */
  events: 1_000,
  /** characters of an event's id */
  idLength: 128,
} as const;

const ID = /^[\x21-\x7e]{1,128}$/;
const EXAMPLE = '{"id":"7-1","type":"temperature","data":{"celsius":21.5}}';

/**
 * Reads a batch: a JSON array of events, or one event a line (NDJSON).
 * @throws HubError `bad_json`, `invalid_payload`, `invalid_event_type`, with the number of the event
 */
export function readBatch(body: Buffer): readonly BatchEvent[] {
  const text = body.toString('utf8').trim();
  const values = text.startsWith('[') ? (parsed(text, 'The batch') as unknown[]) : parsedLines(text);
  if (values.length === 0 || values.length > BATCH_LIMITS.events) {
    throw new HubError(
      'invalid_payload',
      `A batch has 1 to ${BATCH_LIMITS.events} events, in a JSON array or one a line, as in ${EXAMPLE}; this one has ` +
        `${values.length}. Nothing was stored.`,
    );
  }
  return values.map((value, i) => eventOf(value, `Event ${i + 1} of the batch`));
}

function parsedLines(text: string): unknown[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  // Before any of them is read: a body of line ends alone must not cost a million parses.
  if (lines.length > BATCH_LIMITS.events) return lines;
  return lines.map((line, i) => parsed(line, `Event ${i + 1} of the batch`));
}

function parsed(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new HubError('bad_json', `${what} is not JSON: ${(error as Error).message}. Nothing was stored.`, {
      cause: error,
    });
  }
}

function eventOf(value: unknown, which: string): BatchEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refusal(which, `must be a JSON object, as in ${EXAMPLE}`);
  }
  const { id, type, data, ...rest } = value as Record<string, unknown>;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined)
    throw refusal(which, `has "${unknown.slice(0, 80)}"; an event has "id", "type" and "data"`);
  if (id !== undefined && !(typeof id === 'string' && ID.test(id))) {
    throw refusal(which, `has an "id" that is not a text of 1 to ${BATCH_LIMITS.idLength} visible ASCII characters`);
  }
  if (typeof type !== 'string') throw refusal(which, 'has no "type"');
  return { id, type: checkedType(type, which), dataJson: JSON.stringify(data ?? null) };
}

function checkedType(type: string, which: string): string {
  try {
    return checkEventType(type);
  } catch (error) {
    throw new HubError('invalid_event_type', `${which}: ${(error as Error).message}. Nothing was stored.`, {
      cause: error,
    });
  }
}

function refusal(which: string, what: string): HubError {
  return new HubError('invalid_payload', `${which} ${what}. Nothing was stored.`);
}
