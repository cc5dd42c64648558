import { BEFORE_ALL, type Position } from '../../engine/position.js';
import { plainDigits } from '../plain-digits.js';
import { askedPosition } from '../subscriber/asked-position.js';

/** Header lines, each ended by CRLF; names are RFC 9110 tokens, values have no control characters. */
const SHAPE = /^(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t -~\x80-\xff]*\r\n)+\r\n$/;

/** A length between spaces; Node's parser takes no tab behind it. */
const LENGTH = /^[ \t]*(\d{1,9}) *$/;
const MAX_LENGTH_DIGITS = 9;
/** The end of the last line, and the empty line. */
export const BLOCK_END = '\r\n\r\n';
const SPACE = 32;
const TAB = 9;
const ZERO = 48;
const NINE = 57;

/**
 * The header lines of a request, and what the lane understands of them. It never changes, so that requests with the same
 * lines share it: the clients of a fleet are one program.
 */
export class HeaderBlock {
  hosts = 0;
  /** what the Connection line says; undefined when there is none */
  keepAlive: boolean | undefined = undefined;
  /** bytes of the body; 0 when no line names them */
  contentLength = 0;
  ifModifiedSince: string | undefined = undefined;
  ifNoneMatch: string | undefined = undefined;
  contentType: string | undefined = undefined;
  accept: string | undefined = undefined;
  /** behind which position a subscriber with these lines asks for the next message */
  asked: Position = BEFORE_ALL;
  /** all before the value of If-None-Match, when that is the last line; else '' */
  beforeTag = '';

  /** @param text latin1, from the first line's name to the end of the empty line; '' for none */
  private constructor(readonly text: string) {}

  static readonly none = new HeaderBlock('');

  /** @returns undefined when the lines do not fit the lane */
  static read(text: string): HeaderBlock | undefined {
    if (!SHAPE.test(text)) return undefined;
    const block = new HeaderBlock(text);
    if (!block.readLines()) return undefined;
    block.asked = askedPosition(block.ifModifiedSince, block.ifNoneMatch);
    return block;
  }

  /**
   * The block at this place of `text` when it differs from this one in the last message's tag alone, as with those who read
   * channels on which much was published within a second.
   * @returns undefined when it does not
   */
  withOtherTag(text: string, start: number): HeaderBlock | undefined {
    const { beforeTag } = this;
    const from = start + beforeTag.length;
    if (from === start || text.slice(start, from) !== beforeTag) return undefined;
    let end = from;
    while (isDigit(text.charCodeAt(end))) end++;
    if (end === from || !text.startsWith(BLOCK_END, end)) return undefined;
    const block = new HeaderBlock(text.slice(start, end + BLOCK_END.length));
    block.hosts = this.hosts;
    block.keepAlive = this.keepAlive;
    block.contentLength = this.contentLength;
    block.ifModifiedSince = this.ifModifiedSince;
    block.ifNoneMatch = text.slice(from, end);
    block.contentType = this.contentType;
    block.accept = this.accept;
    block.asked = askedPosition(block.ifModifiedSince, block.ifNoneMatch);
    block.beforeTag = beforeTag;
    return block;
  }

  /** The first value of a line; undefined when there is none. @param name in lower case */
  header(name: string): string | undefined {
    switch (name) {
      case 'if-modified-since':
        return this.ifModifiedSince;
      case 'if-none-match':
        return this.ifNoneMatch;
      case 'content-type':
        return this.contentType;
      case 'accept':
        return this.accept;
      default:
        return this.lookUp(name);
    }
  }

  /** Reads the lines that matter; their names are told apart by length before they are compared. */
  private readLines(): boolean {
    const { text } = this;
    let connection: string | undefined;
    let contentLength: string | undefined;
    for (let at = 0; at < text.length - 2; ) {
      const colon = text.indexOf(':', at);
      const end = text.indexOf('\r\n', colon);
      switch (colon - at) {
        case 2:
        case 7: {
          const name = nameAt(text, at, colon);
          if (name === 'te' || name === 'upgrade' || name === 'trailer') return false;
          break;
        }
        case 4:
          if (nameAt(text, at, colon) === 'host') this.hosts++;
          break;
        case 6: {
          const name = nameAt(text, at, colon);
          if (name === 'accept') this.accept ??= valueAt(text, colon, end);
          else if (name === 'expect') return false;
          break;
        }
        case 10:
          if (nameAt(text, at, colon) !== 'connection') break;
          if (connection !== undefined) return false;
          connection = valueAt(text, colon, end).toLowerCase();
          break;
        case 12:
          if (nameAt(text, at, colon) !== 'content-type') break;
          if (this.contentType !== undefined) return false;
          this.contentType = valueAt(text, colon, end);
          break;
        case 13:
          if (nameAt(text, at, colon) !== 'if-none-match') break;
          if (this.ifNoneMatch !== undefined) return false;
          this.ifNoneMatch = valueAt(text, colon, end);
          if (end + BLOCK_END.length === text.length && text.endsWith(this.ifNoneMatch, end)) {
            this.beforeTag = text.slice(0, end - this.ifNoneMatch.length);
          }
          break;
        case 14:
          if (nameAt(text, at, colon) !== 'content-length') break;
          if (contentLength !== undefined) return false;
          contentLength = text.slice(colon + 1, end);
          break;
        case 17: {
          const name = nameAt(text, at, colon);
          if (name === 'transfer-encoding') return false;
          if (name !== 'if-modified-since') break;
          if (this.ifModifiedSince !== undefined) return false;
          this.ifModifiedSince = valueAt(text, colon, end);
          break;
        }
      }
      at = end + 2;
    }
    return this.hosts <= 1 && this.readConnection(connection) && this.readLength(contentLength);
  }

  private readConnection(value: string | undefined): boolean {
    if (value === undefined) return true;
    this.keepAlive = value === 'keep-alive';
    return this.keepAlive || value === 'close';
  }

  private readLength(value: string | undefined): boolean {
    if (value === undefined) return true;
    this.contentLength = lengthIn(value);
    return this.contentLength >= 0;
  }

  private lookUp(name: string): string | undefined {
    const { text } = this;
    for (let at = 0; at < text.length - 2; ) {
      const colon = text.indexOf(':', at);
      const end = text.indexOf('\r\n', colon);
      if (colon - at === name.length && nameAt(text, at, colon) === name) return valueAt(text, colon, end);
      at = end + 2;
    }
    return undefined;
  }
}

/** The names that the lane reads as they are usually spelled, by their length: comparing costs less than making lower case. */
const USUAL: readonly (readonly [spelled: string, name: string] | undefined)[] = Array.from(
  { length: 18 },
  (_, length) =>
    ['Host', 'Accept', 'Connection', 'Content-Type', 'If-None-Match', 'Content-Length', 'If-Modified-Since']
      .filter((spelled) => spelled.length === length)
      .map((spelled) => [spelled, spelled.toLowerCase()] as const)
      .at(0),
);

/** The name of a header line in lower case. */
function nameAt(text: string, at: number, colon: number): string {
  const usual = USUAL[colon - at];
  return usual && text.startsWith(usual[0], at) ? usual[1] : text.slice(at, colon).toLowerCase();
}

/** @param value of a Content-Length line, with what surrounds it @returns -1 when it is none that all parsers agree on */
function lengthIn(value: string): number {
  const from = value.charCodeAt(0) === SPACE ? 1 : 0;
  const plain = value.length - from <= MAX_LENGTH_DIGITS ? plainDigits(value, from) : -1;
  return plain >= 0 ? plain : Number(LENGTH.exec(value)?.[1] ?? -1);
}

/** The value without the spaces and tabs around it. */
function valueAt(text: string, colon: number, end: number): string {
  let from = colon + 1;
  let to = end;
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}
