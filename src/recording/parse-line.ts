import {
  RECORDING_VERSION,
  type RecordedBody,
  type RecordedLine,
  type RecordedMessage,
  type RecordingHeader,
} from './recorded-line.js';

type Members = Readonly<Record<string, unknown>>;

/** @throws SyntaxError when it is no JSON; RangeError with a sentence when it is no first line of a recording */
export function parseHeader(text: string): RecordingHeader {
  const { signalbox, version, hub, startedAt, patterns } = membersIn(text);
  if (signalbox !== 'recording') {
    throw new RangeError('It is no recording: its first line must be {"signalbox":"recording","version":1,…}.');
  }
  if (version !== RECORDING_VERSION) {
    const remedy = 'Read it with the Signalbox that it was written by, or a newer one.';
    throw new RangeError(
      `The recording has version ${shown(version)}, and ${RECORDING_VERSION} is read here. ${remedy}`,
    );
  }
  return {
    version,
    hub: typeof hub === 'string' ? hub : undefined,
    startedAt: startedAt === undefined ? 0 : timeIn('startedAt', startedAt),
    patterns: Array.isArray(patterns) ? patterns.map(String) : [],
  };
}

/** @throws SyntaxError when it is no JSON; RangeError with a sentence that names the member that is wrong */
export function parseLine(text: string): RecordedLine {
  const members = membersIn(text);
  const { kind } = members;
  switch (kind) {
    case 'event':
      return { kind, ...messageIn(members) };
    case 'command':
      return { kind, ...messageIn(members), cause: causeIn(members) };
    case 'outcome':
      return { kind, ...messageIn(members), ...stateIn(members) };
    case 'gap':
      return { kind, time: timeIn('time', members.time), lost: lostIn(members), reason: String(members.reason ?? '') };
    default:
      throw wrong('kind', kind, '"event", "command", "outcome" or "gap"');
  }
}

function membersIn(text: string): Members {
  const value: unknown = JSON.parse(text);
  if (isObject(value)) return value;
  throw new RangeError(`It is ${shown(value)}, and must be a JSON object.`);
}

function messageIn(members: Members): RecordedMessage {
  const { channel, position, contentType = null } = members;
  if (typeof channel !== 'string' || channel === '') throw wrong('channel', channel, "a channel's id");
  if (position !== undefined && !(typeof position === 'string' && /^\d{1,10}:\d{1,7}$/.test(position))) {
    throw wrong('position', position, 'a position such as "1795421814:0"');
  }
  if (contentType !== null && typeof contentType !== 'string') throw wrong('contentType', contentType, 'text or null');
  return { time: timeIn('time', members.time), channel, position, contentType, body: bodyIn(members) };
}

function bodyIn({ body, text, base64 }: Members): RecordedBody {
  const given = [body, text, base64].filter((value) => value !== undefined).length;
  if (given !== 1) throw new RangeError(`It has ${given} of "body", "text" and "base64"; it must have one of them.`);
  if (body !== undefined) return { json: body };
  if (text === undefined) {
    if (typeof base64 === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return { base64 };
    throw wrong('base64', base64, 'text in base64');
  }
  if (typeof text === 'string') return { text };
  throw wrong('text', text, 'text');
}

function causeIn({ cause = null }: Members): Members | null {
  if (cause === null || isObject(cause)) return cause;
  throw wrong('cause', cause, 'an object or null');
}

function stateIn({ state, evidence = null }: Members): { readonly state: string; readonly evidence: string | null } {
  if (typeof state !== 'string') throw wrong('state', state, 'the name of a state, such as "SUCCEEDED",');
  if (evidence !== null && typeof evidence !== 'string') throw wrong('evidence', evidence, 'text or null');
  return { state, evidence };
}

function lostIn({ lost = null }: Members): number | null {
  if (lost === null || (Number.isInteger(lost) && (lost as number) >= 0)) return lost as number | null;
  throw wrong('lost', lost, 'a whole number from 0, or null,');
}

function timeIn(name: string, value: unknown): number {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw wrong(name, value, 'a time such as "2026-11-23T08:16:54.310Z"');
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(name: string, value: unknown, allowed: string): RangeError {
  return new RangeError(`"${name}" is ${shown(value)}; ${allowed} is allowed.`);
}

const SHOWN_LENGTH = 80;

function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
