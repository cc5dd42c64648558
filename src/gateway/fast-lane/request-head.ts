import { plainDigits } from '../plain-digits.js';

/**
 * The head of a request in the narrow shape that the fast lane serves. What does not fit is handed over to Node's parser,
 * never guessed at: other methods, absolute targets, percent-encoded paths, a body without a plain Content-Length, lines
 * that matter and stand twice, folded lines, bare line ends, control characters.
 */

/** A request line, then header lines, each ended by CRLF; names are RFC 9110 tokens, values have no control characters. */
const SHAPE = /^(?:GET|POST) \/[!-"$-~]* HTTP\/1\.[01]\r\n(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t -~\x80-\xff]*\r\n)+$/;

/** Segments of characters that mean themselves, none of them empty but the last, and none beginning with a dot. */
const PLAIN = /^(?:\/(?![/.])[A-Za-z0-9_~:@!$&'()*+,;=.-]*)+(?:\?|$)/;

/** A length between spaces; Node's parser takes no tab behind it. */
const LENGTH = /^[ \t]*(\d{1,9}) *$/;
const MAX_LENGTH_DIGITS = 9;
const SPACE = 32;
const G = 71;
const ONE = 49;

export class RequestHead {
  method: 'GET' | 'POST' = 'GET';
  target = '';
  keepAlive = true;
  /** bytes of the body; 0 when the head names none */
  contentLength = 0;
  private lines = '';
  private ifModifiedSince: string | undefined;
  private ifNoneMatch: string | undefined;
  private contentType: string | undefined;
  private accept: string | undefined;

  /**
   * Reads a head into this object.
   * @param text latin1, from the first byte of the request line to the CRLF of the last header line
   * @returns false when it does not fit; the fields mean nothing then
   */
  read(text: string): boolean {
    if (!SHAPE.test(text)) return false;
    const lineEnd = text.indexOf('\r\n');
    const isGet = text.charCodeAt(0) === G;
    this.method = isGet ? 'GET' : 'POST';
    this.target = text.slice(isGet ? 4 : 5, lineEnd - 9);
    this.lines = text;
    this.ifModifiedSince = undefined;
    this.ifNoneMatch = undefined;
    this.contentType = undefined;
    this.accept = undefined;
    return this.readLines(lineEnd + 2, text.charCodeAt(lineEnd - 1) === ONE);
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

  /** Lets go of the text, which a parked poll has no more use for. */
  release(): void {
    this.lines = '';
    this.ifModifiedSince = undefined;
    this.ifNoneMatch = undefined;
    this.accept = undefined;
  }

  /** Reads the lines that matter; their names are told apart by length before they are compared. */
  private readLines(start: number, isHttp11: boolean): boolean {
    const text = this.lines;
    let contentLength: string | undefined;
    let connection: string | undefined;
    let hosts = 0;
    for (let at = start; at < text.length; ) {
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
          if (nameAt(text, at, colon) === 'host') hosts++;
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
    return hosts <= 1 && (hosts === 1 || !isHttp11) && this.frame(contentLength, connection, isHttp11);
  }

  private frame(contentLength: string | undefined, connection: string | undefined, isHttp11: boolean): boolean {
    if (connection === undefined) this.keepAlive = isHttp11;
    else if (connection === 'keep-alive') this.keepAlive = true;
    else if (connection === 'close') this.keepAlive = false;
    else return false;
    if (contentLength === undefined) this.contentLength = 0;
    else {
      const length = lengthIn(contentLength);
      if (length < 0) return false;
      this.contentLength = length;
    }
    return this.method === 'POST' || this.contentLength === 0;
  }

  private lookUp(name: string): string | undefined {
    const text = this.lines;
    for (let at = text.indexOf('\r\n') + 2; at > 1 && at < text.length; ) {
      const colon = text.indexOf(':', at);
      const end = text.indexOf('\r\n', colon);
      if (colon - at === name.length && nameAt(text, at, colon) === name) return valueAt(text, colon, end);
      at = end + 2;
    }
    return undefined;
  }
}

/** True when the path of a target needs no normalisation: it has no escapes, no empty and no dot segments. */
export function hasPlainPath(target: string): boolean {
  return PLAIN.test(target);
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
  return code === 32 || code === 9;
}
