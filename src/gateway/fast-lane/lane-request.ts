import type { RequestFacts } from '../../locations/location.js';
import { isControllerPath, type Route } from '../route.js';
import type { Lane } from './lane.js';
import { HEAD_MISSING, hasPlainPath, RequestHead, UNFIT } from './request-head.js';

export { HEAD_MISSING, UNFIT };

/** What of the lane reading a request needs. */
export type LaneRules = Pick<Lane, 'limits' | 'server' | 'serves'>;

/** What `take` returns, beside HEAD_MISSING and UNFIT, when no request could be taken. */
export const BODY_MISSING = -1;

/** A larger body is handed over: the lane is for small messages, and holds a body in one piece. */
export const MAX_LANE_BODY_BYTES = 64 * 1024;

/** Beyond this a Buffer costs less than text. */
const MAX_TEXT_BYTES = 16 * 1024;

const NOTHING = Buffer.alloc(0);

/** The request under way on a connection: its head, its body and what serves it. Used again for the next one. */
export class LaneRequest extends RequestHead {
  /** a small body, one latin1 character a byte: one step from the socket to those who keep or write it as text */
  bodyText: string | undefined = '';
  route: Route | undefined;
  /** the request line that `route` was found for, when it is the same for every request of it; else '' */
  private routedLine = '';
  /** a body that is too large for text */
  private bodyBytes: Buffer = NOTHING;

  get body(): Buffer {
    return this.bodyText === undefined ? this.bodyBytes : Buffer.from(this.bodyText, 'latin1');
  }

  /**
   * Takes one request off the front of `bytes`.
   * @param facts the request as a channel template sees it: this object's head, and the client's address
   * @returns how many bytes it had, at least 1; or HEAD_MISSING, BODY_MISSING, UNFIT
   */
  take(bytes: Buffer, start: number, end: number, rules: LaneRules, facts: RequestFacts): number {
    const { maxHeadBytes } = rules.limits;
    const text = bytes.toString('latin1', start, Math.min(end, start + maxHeadBytes));
    const headLength = this.read(text);
    if (headLength === HEAD_MISSING) return text.length === maxHeadBytes || !mayFit(text) ? UNFIT : HEAD_MISSING;
    if (headLength === UNFIT || !this.findRoute(bytes, start, rules, facts)) return UNFIT;
    const { contentLength } = this;
    if (contentLength > Math.min(MAX_LANE_BODY_BYTES, rules.server.maxBodyBytes(this.route as Route))) return UNFIT;
    const bodyStart = start + headLength;
    const bodyEnd = bodyStart + contentLength;
    if (bodyEnd > end) return BODY_MISSING;
    this.takeBody(bytes, bodyStart, bodyEnd);
    return bodyEnd - start;
  }

  /** Lets go of the body, which whoever served the request has taken. */
  releaseBody(): void {
    this.bodyText = '';
    this.bodyBytes = NOTHING;
  }

  private takeBody(bytes: Buffer, start: number, end: number): void {
    if (end - start <= MAX_TEXT_BYTES) this.bodyText = end === start ? '' : bytes.toString('latin1', start, end);
    else {
      this.bodyText = undefined;
      this.bodyBytes = Buffer.from(bytes.subarray(start, end));
    }
  }

  /** Finds what serves the target; a device polls the same one for ever, so it is remembered. */
  private findRoute(bytes: Buffer, start: number, rules: LaneRules, facts: RequestFacts): boolean {
    if (this.routedLine !== '' && this.line === this.routedLine) return true;
    this.route = undefined;
    this.routedLine = '';
    // A text of its own: a slice would keep the text of the whole read alive.
    this.line = bytes.toString('latin1', start, start + this.line.length);
    const { target } = this;
    if (!hasPlainPath(target) || isControllerPath(target)) return false;
    const route = rules.server.find(target, facts);
    if (!route || !rules.serves(route)) return false;
    this.route = route;
    if (route.kind !== 'location' || route.followsUrl) this.routedLine = this.line;
    return true;
  }
}

/** Control characters, and line ends that are not CRLF; a CR at the end may become one. */
const NOT_IN_A_HEAD = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|(?<!\r)\n|\r(?!\n|$)/;

/** False when the bytes so far can not become a request of the lane's shape, so that waiting for more is no use. */
function mayFit(text: string): boolean {
  if (NOT_IN_A_HEAD.test(text)) return false;
  const first = text.length < 6 ? text : text.slice(0, 6);
  return 'GET /'.startsWith(first.slice(0, 5)) || 'POST /'.startsWith(first);
}
