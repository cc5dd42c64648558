import type { Position } from '../../engine/position.js';
import { HeaderBlock } from './header-block.js';
import { KnownBlocks } from './known-blocks.js';

/**
 * The head of a request in the narrow shape that the fast lane serves. What does not fit is handed over to Node's parser,
 * never guessed at: other methods, absolute targets, percent-encoded paths, a body without a plain Content-Length, lines
 * that matter and stand twice, folded lines, bare line ends, control characters.
 */

/** What `read` returns when there is no whole head, and when there is one that the lane does not serve. */
export const HEAD_MISSING = 0;
export const UNFIT = -2;

const REQUEST_LINE = /^(?:GET|POST) \/[!-"$-~]* HTTP\/1\.[01]\r\n/;
const HEAD_END = '\r\n\r\n';
/** ` HTTP/1.1` and the line's end */
const VERSION_LENGTH = 11;

/** Segments of characters that mean themselves, none of them empty but the last, and none beginning with a dot. */
const PLAIN = /^(?:\/(?![/.])[A-Za-z0-9_~:@!$&'()*+,;=.-]*)+(?:\?|$)/;

const G = 71;
const ONE = 49;

const knownOfGet = new KnownBlocks();
const knownOfPost = new KnownBlocks();

export class RequestHead {
  method: 'GET' | 'POST' = 'GET';
  keepAlive = true;
  /** the request line with its end; '' before the first one */
  protected line = '';
  private block = HeaderBlock.none;

  /** as it stands on the request line */
  get target(): string {
    return this.line.slice(this.method.length + 1, -VERSION_LENGTH);
  }

  /** bytes of the body; 0 when the head names none */
  get contentLength(): number {
    return this.block.contentLength;
  }

  /** behind which position a subscriber asks for the next message */
  get asked(): Position {
    return this.block.asked;
  }

  /**
   * Reads the head that `text` begins with into this object.
   * @param text latin1; more may follow
   * @returns the head's length; or HEAD_MISSING, UNFIT: the fields mean nothing then
   */
  read(text: string): number {
    // A device polls the same URL for ever.
    const isKnownLine = this.line !== '' && text.startsWith(this.line);
    if (!isKnownLine && !this.readLine(text)) return text.includes(HEAD_END) ? UNFIT : HEAD_MISSING;
    const start = this.line.length;
    const block = this.blockAt(text, start);
    if (typeof block === 'number') return block;
    this.block = block;
    return this.fits() ? start + block.text.length : UNFIT;
  }

  /** The first value of a line; undefined when there is none. @param name in lower case */
  header(name: string): string | undefined {
    return this.block.header(name);
  }

  /** Lets go of the header lines, which a parked poll has no more use for. */
  release(): void {
    this.block = HeaderBlock.none;
  }

  private readLine(text: string): boolean {
    if (!REQUEST_LINE.test(text)) return false;
    this.method = text.charCodeAt(0) === G ? 'GET' : 'POST';
    this.line = text.slice(0, text.indexOf('\r\n') + 2);
    return true;
  }

  private blockAt(text: string, start: number): HeaderBlock | typeof HEAD_MISSING | typeof UNFIT {
    const known = this.method === 'GET' ? knownOfGet : knownOfPost;
    const found = known.find(text, start);
    if (found) return found;
    const block = readAnew(text, start);
    if (typeof block !== 'number') known.add(block);
    return block;
  }

  /** What depends on both the request line and the header lines. */
  private fits(): boolean {
    const { block } = this;
    const isHttp11 = this.line.charCodeAt(this.line.length - 3) === ONE;
    this.keepAlive = block.keepAlive ?? isHttp11;
    return (block.hosts === 1 || !isHttp11) && (this.method === 'POST' || block.contentLength === 0);
  }
}

function readAnew(text: string, start: number): HeaderBlock | typeof HEAD_MISSING | typeof UNFIT {
  const end = text.indexOf(HEAD_END, start);
  // No header line at all has its end in that of the request line.
  if (end < 0) return text.includes(HEAD_END) ? UNFIT : HEAD_MISSING;
  return HeaderBlock.read(text.slice(start, end + HEAD_END.length)) ?? UNFIT;
}

/** True when the path of a target needs no normalisation: it has no escapes, no empty and no dot segments. */
export function hasPlainPath(target: string): boolean {
  return PLAIN.test(target);
}
