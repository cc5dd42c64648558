import { setTimeout as wait } from 'node:timers/promises';
import { parseHeader, parseLine } from '../recording/parse-line.js';
import { MAX_LINE_BYTES } from '../recording/read-recording.js';
import type { RecordedLine, RecordingHeader } from '../recording/recorded-line.js';
import { LineSplitter } from '../recording/text-lines.js';
import { Backoff } from './backoff.js';
import { Failure } from './failure.js';
import { openStream } from './http-stream.js';
import { refusalOf } from './refusal.js';
import { reasonOf } from './system-errors.js';

export interface FollowRecordingOptions {
  /** a hub's admin door, without a path */
  readonly admin: string;
  readonly patterns: readonly string[];
  /** `now`, `oldest` or a time, asked for at each new connection; `began`: unix ms at which the first one was answered */
  from(began: number | undefined): string;
  /** ends it */
  readonly signal: AbortSignal;
  /** told a sentence whenever the hub is away */
  readonly tell: (trouble: string) => void;
  /** waits between tries; resolves early when `signal` is aborted */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** 0 up to 1 */
  readonly random?: () => number;
}

/** What came in one go. */
export type Followed =
  | { readonly is: 'header'; readonly header: RecordingHeader }
  | { readonly is: 'lines'; readonly lines: readonly FollowedLine[] };

/** A line as it was sent, and what it says. */
export interface FollowedLine {
  readonly text: string;
  readonly line: RecordedLine;
}

/** A hub shows itself every 15 s. */
const SILENCE_MS = 45_000;

/**
 * A hub's recording, for ever: when the connection is lost it is asked for again, ever more seldom.
 * @throws Failure when the hub refuses in a way that asking again does not change, or is none
 */
export async function* followRecording(options: FollowRecordingOptions): AsyncGenerator<Followed, void> {
  const { signal, tell, pause = waitFor, random = Math.random } = options;
  const backoff = new Backoff(random);
  let began: number | undefined;
  while (!signal.aborted) {
    let trouble: string;
    try {
      for await (const followed of connection(options, began)) {
        if (followed.is === 'header') began ??= followed.header.startedAt;
        else backoff.reset();
        yield followed;
      }
      trouble = `The hub at ${options.admin} has ended the recording`;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Failure) throw error;
      trouble = `The hub at ${options.admin} cannot be reached: ${reasonOf(error)}`;
    }
    if (signal.aborted) return;
    const ms = backoff.next();
    tell(`${trouble}. Asking again in ${(ms / 1_000).toFixed(1)} s.`);
    await pause(ms, signal);
  }
}

/** What one connection brings, until it ends. @throws Failure; the system's error when it is cut */
async function* connection(options: FollowRecordingOptions, began: number | undefined): AsyncGenerator<Followed> {
  const url = new URL('/admin/recording', options.admin);
  for (const pattern of options.patterns) url.searchParams.append('pattern', pattern);
  url.searchParams.set('from', options.from(began));
  const stream = await openStream(url, { signal: options.signal, silenceMs: SILENCE_MS });
  if (!stream.isOpen) {
    const refusal = refusalOf(stream.answer, url);
    throw stream.answer.status >= 500 ? new Error(refusal) : new Failure(refusal);
  }
  const splitter = new LineSplitter(MAX_LINE_BYTES);
  let hasHeader = false;
  for await (const piece of stream.pieces) {
    const texts = splitter.take(piece).filter(({ text }) => text !== '');
    if (!hasHeader && texts.length > 0) {
      hasHeader = true;
      yield { is: 'header', header: readBy(parseHeader, texts.shift()?.text ?? '', url) };
    }
    if (texts.length === 0) continue;
    const lines = texts.map(({ text }) => ({ text: `${text}\n`, line: readBy(parseLine, text, url) }));
    yield { is: 'lines', lines };
  }
}

function readBy<T>(parse: (text: string) => T, text: string, url: URL): T {
  try {
    return parse(text);
  } catch (error) {
    throw new Failure(`What ${url} answers cannot be read: ${(error as Error).message}`);
  }
}

function waitFor(ms: number, signal: AbortSignal): Promise<unknown> {
  return wait(ms, undefined, { signal }).catch(() => undefined);
}
