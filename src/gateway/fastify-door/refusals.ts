import type { IncomingMessage } from 'node:http';
import { notHttp, requestTimeout, textAnswer } from '../answers.js';
import type { Answer } from '../exchange.js';
import { headBytes } from './head-bytes.js';

const headTooLarge = textAnswer(431, 'The head of the request is too large.\n');

/** Node's codes for what its parser could not read, and what the client is told. */
const unread: Readonly<Record<string, Answer>> = {
  HPE_HEADER_OVERFLOW: headTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: requestTimeout,
  HPE_INVALID_METHOD: methodUnknown('This method is not known here; GET, POST, PUT, DELETE and OPTIONS are.\n'),
};

/** What a client is told whose bytes could not be read as a request. @param code of Node's error */
export function refusalOfUnread(code: string | undefined): Answer {
  return unread[code ?? ''] ?? notHttp;
}

export const connectRefusal: Answer = methodUnknown('CONNECT is not allowed here.\n');

/**
 * What a client is told whose request Node's parser reads but another reader might read otherwise, or that asks for what
 * HTTP/1.1 does not have. Its connection ends, for where it ends may be understood in two ways.
 * @param maxHeadBytes `limits.max_head_size`
 * @returns undefined for a request that may be served
 */
export function refusalOf(request: IncomingMessage, maxHeadBytes: number): Answer | undefined {
  const { httpVersion, headers, rawHeaders, url = '' } = request;
  // Node counts names and values only, and not what stands between them.
  if (headBytes(request) > maxHeadBytes) return headTooLarge;
  if (httpVersion !== '1.1' && httpVersion !== '1.0') {
    return textAnswer(505, `HTTP/${httpVersion} is not spoken here; HTTP/1.1 and HTTP/1.0 are.\n`);
  }
  const hosts = countOf('host', rawHeaders);
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) {
    return textAnswer(400, `A request has one Host line; this one has ${hosts === 0 ? 'none' : hosts}.\n`);
  }
  const encoding = headers['transfer-encoding'];
  if (encoding !== undefined && httpVersion === '1.0') {
    return textAnswer(400, 'HTTP/1.0 has no Transfer-Encoding; send a Content-Length.\n');
  }
  if (encoding === '') return notHttp;
  if (encoding !== undefined && encoding.toLowerCase() !== 'chunked') {
    return textAnswer(501, 'Of the transfer codings only "chunked" is known here.\n');
  }
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue') {
    return textAnswer(417, 'Of the expectations only "100-continue" is known here.\n');
  }
  return TARGET.test(url) ? undefined : textAnswer(400, 'A request target is a path or an http URL.\n');
}

/** origin-form and absolute-form (RFC 9112, section 3.2); `*` and an authority name nothing here */
const TARGET = /^(?:\/|https?:\/\/[^/?#])/i;

function countOf(name: string, rawHeaders: readonly string[]): number {
  return rawHeaders.filter((text, i) => i % 2 === 0 && text.toLowerCase() === name).length;
}

function methodUnknown(sentence: string): Answer {
  return textAnswer(405, sentence, [['Allow', 'GET, POST, PUT, DELETE, OPTIONS']]);
}
