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

const NO_ANSWER: Answer = { status: 0, headers: [], body: '' };
const NOTHING: Rendered = { text: '', body: undefined };

/** Turns answers into bytes. What answers of a second have in common is made once a second. */
export class AnswerText {
  private dateSecond = -1;
  private dateLine = '';
  private okHead = '';
  /** the answer that was rendered last in this second: publishers of a busy channel get the same words */
  private lastAnswer = NO_ANSWER;
  private lastKeepAlive = false;
  private lastAnswerText = NOTHING;
  /** the message that was rendered last in this second: all its readers share the text */
  private lastMessage: StoredMessage | undefined;
  private lastDefaultType = '';
  private lastMessageText = NOTHING;
  /** what messages of one type and second begin with, and what those of one length have behind their tag */
  private startType = '';
  private startSecond = -1;
  private start = '';
  private endLength = -1;
  private end = '';

  constructor(private readonly now: () => number) {}

  answer(answer: Answer, keepAlive: boolean): Rendered {
    this.turnSecond();
    if (keepAlive === this.lastKeepAlive && isSame(answer, this.lastAnswer)) return this.lastAnswerText;
    this.lastAnswer = answer;
    this.lastKeepAlive = keepAlive;
    this.lastAnswerText = this.renderAnswer(answer, keepAlive);
    return this.lastAnswerText;
  }

  /** A message on a connection that stays open; one that closes goes through `answer`. */
  message(message: StoredMessage, location: Location | undefined): Rendered {
    this.turnSecond();
    const defaultType = location?.settings.defaultType ?? '';
    if (message === this.lastMessage && defaultType === this.lastDefaultType) return this.lastMessageText;
    this.lastMessage = message;
    this.lastDefaultType = defaultType;
    this.lastMessageText = this.renderMessage(message, message.contentType ?? defaultType);
    return this.lastMessageText;
  }

  private renderAnswer({ status, headers, body }: Answer, keepAlive: boolean): Rendered {
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    let head = status === 200 ? this.okHead : this.headOf(status);
    for (const [name, value] of headers) head += `${name}: ${value}\r\n`;
    if (status !== 204) head += `Content-Length: ${length}\r\n`;
    head += keepAlive ? 'Connection: keep-alive\r\n\r\n' : 'Connection: close\r\n\r\n';
    if (typeof body !== 'string') return { text: head, body };
    if (length === body.length) return { text: head + body, body: undefined };
    return { text: head, body: Buffer.from(body) };
  }

  /** The same lines in the same order as `answer` has them, without the list that it takes. */
  private renderMessage(message: StoredMessage, contentType: string): Rendered {
    const content = message.text ?? message.body;
    const second = secondOf(message.position);
    if (second !== this.startSecond || contentType !== this.startType) this.makeStart(second, contentType);
    if (content.length !== this.endLength) this.makeEnd(content.length);
    const head = this.start + tagOf(message.position) + this.end;
    if (typeof content === 'string') return { text: head + content, body: undefined };
    if (content.length > INLINE_BODY_BYTES) return { text: head, body: content };
    return { text: head + content.toString('latin1'), body: undefined };
  }

  private makeStart(second: number, contentType: string): void {
    this.startSecond = second;
    this.startType = contentType;
    const typeLine = contentType === '' ? '' : `Content-Type: ${contentType}\r\n`;
    this.start = inOnePiece(`${this.okHead}${typeLine}Last-Modified: ${httpDate(second)}\r\nEtag: `);
  }

  private makeEnd(length: number): void {
    this.endLength = length;
    this.end = inOnePiece(`\r\nVary: ${MESSAGE_VARY}\r\nContent-Length: ${length}\r\nConnection: keep-alive\r\n\r\n`);
  }

  private turnSecond(): void {
    const second = Math.floor(this.now() / 1000);
    if (second === this.dateSecond) return;
    this.dateSecond = second;
    this.dateLine = `Server: signalbox\r\nDate: ${new Date(second * 1000).toUTCString()}\r\n`;
    this.okHead = inOnePiece(this.headOf(200));
    this.lastAnswer = NO_ANSWER;
    this.lastMessage = undefined;
    this.startSecond = -1;
  }

  private headOf(status: number): string {
    return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${this.dateLine}`;
  }
}

/** True when two answers make the same text; those with other than short text are not compared. */
function isSame(a: Answer, b: Answer): boolean {
  return a.status === b.status && a.headers === b.headers && a.body === b.body && typeof a.body === 'string';
}

/** A text put together of pieces stays these pieces, which every text that it becomes a part of goes through again. */
function inOnePiece(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('latin1');
}
