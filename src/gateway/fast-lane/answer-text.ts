import { STATUS_CODES } from 'node:http';
import type { StoredMessage } from '../../engine/message-log.js';
import { secondOf, tagOf } from '../../engine/position.js';
import type { Location } from '../../locations/location.js';
import type { Answer } from '../exchange.js';
import { httpDate } from '../http-date.js';
import { MESSAGE_VARY } from '../subscriber/push-subscriber.js';

/** Bodies up to this size go out in one string with their head; each byte is one latin1 character. */
const INLINE_BODY_BYTES = 16 * 1024;

/** An answer as it goes to the socket: latin1 text, and a body behind it when that is large or not latin1. */
export interface Rendered {
  readonly text: string;
  readonly body: Buffer | undefined;
}

/** Turns answers into bytes. The head that all answers of a second share is made once a second. */
export class AnswerText {
  private dateSecond = -1;
  private dateLine = '';
  private okHead = '';
  /** the message that was rendered last: all its readers share the text */
  private lastMessage: StoredMessage | undefined;
  private lastDefaultType = '';
  private lastSecond = -1;
  private lastRendered: Rendered | undefined;

  constructor(private readonly now: () => number) {}

  answer(answer: Answer, keepAlive: boolean): Rendered {
    this.turnSecond();
    const { status, headers, body } = answer;
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    let head = status === 200 ? this.okHead : this.headOf(status);
    for (const [name, value] of headers) head += `${name}: ${value}\r\n`;
    if (status !== 204) head += `Content-Length: ${length}\r\n`;
    head += keepAlive ? 'Connection: keep-alive\r\n\r\n' : 'Connection: close\r\n\r\n';
    if (typeof body !== 'string') return { text: head, body };
    if (length === body.length) return { text: head + body, body: undefined };
    return { text: head, body: Buffer.from(body) };
  }

  /** A message on a connection that stays open; one that closes goes through `answer`. */
  message(message: StoredMessage, location: Location | undefined): Rendered {
    this.turnSecond();
    const defaultType = location?.settings.defaultType ?? '';
    const isLast = message === this.lastMessage && this.dateSecond === this.lastSecond;
    if (isLast && defaultType === this.lastDefaultType && this.lastRendered) return this.lastRendered;
    this.lastMessage = message;
    this.lastSecond = this.dateSecond;
    this.lastDefaultType = defaultType;
    this.lastRendered = this.renderMessage(message, message.contentType ?? defaultType);
    return this.lastRendered;
  }

  private renderMessage(message: StoredMessage, contentType: string): Rendered {
    const { position } = message;
    const body = message.text ?? message.body;
    // The same lines in the same order as `answer` has them, without the list that it takes.
    const head =
      `${this.okHead}${contentType === '' ? '' : `Content-Type: ${contentType}\r\n`}` +
      `Last-Modified: ${httpDate(secondOf(position))}\r\nEtag: ${tagOf(position)}\r\nVary: ${MESSAGE_VARY}\r\n` +
      `Content-Length: ${body.length}\r\nConnection: keep-alive\r\n\r\n`;
    if (typeof body === 'string') return { text: head + body, body: undefined };
    if (body.length > INLINE_BODY_BYTES) return { text: head, body };
    return { text: head + body.toString('latin1'), body: undefined };
  }

  private turnSecond(): void {
    const second = Math.floor(this.now() / 1000);
    if (second === this.dateSecond) return;
    this.dateSecond = second;
    this.dateLine = `Server: signalbox\r\nDate: ${new Date(second * 1000).toUTCString()}\r\n`;
    this.okHead = this.headOf(200);
  }

  private headOf(status: number): string {
    return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${this.dateLine}`;
  }
}
