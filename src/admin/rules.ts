import { Transform } from 'class-transformer';
import { ValidateBy, ValidateIf, type ValidationArguments } from 'class-validator';
import { channelPattern } from '../channels/channel-pattern.js';
import type { ErrorCode } from '../channels/hub-error.js';
import { parsePosition } from '../engine/position.js';
import { readCursor } from './cursor.js';

/** What breaks a rule: which error it is. class-validator hands it on with the error. */
export interface RuleContext {
  readonly code: ErrorCode;
}

const CURSOR = 'It must be what the page before gave as "next". Begin again without it.';

interface Rule {
  readonly code: ErrorCode;
  /** what is allowed, to stand behind the value */
  readonly allowed: string;
  readonly required?: boolean;
  isKept(value: unknown): boolean;
}

/** A whole number, written in digits. @param min @param max both allowed */
export function WholeNumber(min: number, max: number, code: ErrorCode): PropertyDecorator {
  const isKept = (value: unknown) => typeof value === 'number' && value >= min && value <= max;
  const toNumber = Transform(({ value }) => (/^\d{1,9}$/.test(String(value)) ? Number(value) : value));
  return both(toNumber, rule({ code, allowed: `A whole number from ${min} to ${max} is allowed.`, isKept }));
}

/** Text of up to `maxLength` characters. */
export function Text(maxLength: number, code: ErrorCode, { required = false } = {}): PropertyDecorator {
  const isKept = (value: unknown) => typeof value === 'string' && value.length <= maxLength;
  return rule({ code, required, allowed: `Text of up to ${maxLength} characters is allowed.`, isKept });
}

/** One of the words. */
export function OneOf(words: readonly string[], code: ErrorCode): PropertyDecorator {
  const allowed = `Allowed is ${words.map((word) => `"${word}"`).join(' or ')}.`;
  return rule({ code, allowed, isKept: (value) => words.includes(value as string) });
}

/** A media type as a Content-Type line may have it; nothing that could end the line. */
export function MediaType(code: ErrorCode): PropertyDecorator {
  const pattern = /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}(?: *;[\x20-\x7e]{0,200})?$/;
  const allowed = 'A media type is allowed, such as "text/plain" or "text/html; charset=utf-8".';
  return rule({ code, allowed, isKept: (value) => typeof value === 'string' && pattern.test(value) });
}

/** A position, `second:tag`. */
export function PositionText(): PropertyDecorator {
  const isKept = (value: unknown) => typeof value === 'string' && parsePosition(value) !== undefined;
  const allowed = 'A position is allowed as answers give it, second:tag, such as "1795421814:0".';
  return rule({ code: 'invalid_position', allowed, isKept });
}

/** What an earlier page of channels gave as `next`. */
export function Cursor(): PropertyDecorator {
  const isKept = (value: unknown) => typeof value === 'string' && readCursor(value) !== undefined;
  return rule({ code: 'invalid_cursor', allowed: CURSOR, isKept });
}

/** What an earlier page of timers gave as `next`. */
export function TimerPlace(): PropertyDecorator {
  const place = /^\d{15}\/[\w.:$-]{1,128}\/[\w.:$-]{1,128}$/;
  const isKept = (value: unknown) => typeof value === 'string' && place.test(value);
  return rule({ code: 'invalid_cursor', allowed: CURSOR, isKept });
}

/** `name=value` of an attribute. */
export function AttributeText(): PropertyDecorator {
  const isKept = (value: unknown) => typeof value === 'string' && /^[A-Za-z0-9._-]{1,64}=[\s\S]{0,1024}$/.test(value);
  return rule({ code: 'bad_request', allowed: 'An attribute and its value are allowed, as in "site=north".', isKept });
}

/** A channel pattern, or up to 16 of them. */
export function ChannelPatterns(code: ErrorCode): PropertyDecorator {
  const isKept = (value: unknown) => {
    const patterns = [value].flat();
    return patterns.length >= 1 && patterns.length <= 16 && patterns.every(isPattern);
  };
  const allowed =
    'A channel pattern is allowed, such as "devices/+/events/temperature" or "devices/fan-1/#", or 16 at most.';
  return rule({ code, allowed, isKept });
}

/** `now`, `oldest` or a time. */
export function Start(code: ErrorCode): PropertyDecorator {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
  const isKept = (value: unknown) =>
    value === 'now' ||
    value === 'oldest' ||
    (typeof value === 'string' && time.test(value) && !Number.isNaN(Date.parse(value)));
  const allowed = '"now", "oldest" or a time with its zone is allowed, such as "2026-11-23T08:16:54Z".';
  return rule({ code, allowed, isKept });
}

/** A member that is checked where it is used. */
export function Anything(): PropertyDecorator {
  return rule({ code: 'invalid_payload', allowed: 'Anything is allowed.', isKept: () => true });
}

const SHOWN_LENGTH = 80;

function isPattern(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    return channelPattern(value).text === value;
  } catch {
    return false;
  }
}

function rule({ code, allowed, isKept, required = false }: Rule): PropertyDecorator {
  const defaultMessage = (args?: ValidationArguments) => {
    const value = args?.value === undefined ? 'missing' : JSON.stringify(args.value);
    return `"${args?.property}" is ${value.length > SHOWN_LENGTH ? `${value.slice(0, SHOWN_LENGTH)}…` : value}. ${allowed}`;
  };
  const context: RuleContext = { code };
  const check = ValidateBy({ name: 'rule', validator: { validate: isKept, defaultMessage } }, { context });
  return required
    ? check
    : both(
        check,
        ValidateIf((_, value) => value !== undefined),
      );
}

function both(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}
