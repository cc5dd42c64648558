import { setTimeout as wait } from 'node:timers/promises';
import { Backoff } from './backoff.js';
import { Failure } from './failure.js';
import { type HttpAnswer, request } from './http-request.js';
import { type Place, placeAfterNothing, placeHeaders, placeOf } from './place.js';
import { refusalOf } from './refusal.js';
import { reasonOf } from './system-errors.js';

export interface FollowedMessage {
  /** unix time of publication, and number within that second */
  readonly second: number;
  readonly tag: number;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

export interface FollowOptions {
  /** a subscriber location with its channel */
  readonly url: URL;
  readonly since: Place;
  /** ends the stream */
  readonly signal: AbortSignal;
  /** told a sentence whenever the hub is away or refuses for a while */
  readonly tell: (trouble: string) => void;
  /** waits between tries; rejects or resolves early when `signal` is aborted */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** 0 up to 1 */
  readonly random?: () => number;
}

/** A long-poll that brought nothing sooner than this was none: the location answers at once, so asking must be slowed. */
const SHORTEST_POLL_MS = 1_000;

/** What one request came to. */
type Outcome =
  | { readonly came: 'message'; readonly message: FollowedMessage }
  | { readonly came: 'nothing'; readonly date: string | undefined }
  | { readonly came: 'trouble'; readonly sentence: string; readonly date: string | undefined };

/**
 * The messages of a channel, one long-poll after the other, for ever: each answer's Last-Modified and Etag ask for the
 * next message. A hub that is away is asked again, ever more seldom; what it kept meanwhile is not missed.
 * @throws Failure when the hub refuses in a way that asking again does not change
 */
export async function* follow(options: FollowOptions): AsyncGenerator<FollowedMessage, void> {
  const { signal, tell, pause = waitFor, random = Math.random } = options;
  const backoff = new Backoff(random);
  let place = options.since;
  while (!signal.aborted) {
    const askedAt = performance.now();
    const outcome = await ask(options, place);
    if (signal.aborted) return;
    if (outcome.came === 'message') {
      place = { behind: 'message', second: outcome.message.second, tag: outcome.message.tag };
      backoff.reset();
      yield outcome.message;
      continue;
    }
    place = placeAfterNothing(place, outcome.date);
    if (outcome.came === 'nothing' && performance.now() - askedAt >= SHORTEST_POLL_MS) backoff.reset();
    else {
      const ms = backoff.next();
      if (outcome.came === 'trouble') tell(`${outcome.sentence} Asking again in ${(ms / 1000).toFixed(1)} s.`);
      await pause(ms, signal);
    }
  }
}

async function ask({ url, signal }: FollowOptions, place: Place): Promise<Outcome> {
  try {
    return outcomeOf(await request(url, { method: 'GET', headers: placeHeaders(place), signal }), url);
  } catch (error) {
    if (error instanceof Failure) throw error;
    return {
      came: 'trouble',
      sentence: `The hub at ${url.origin} cannot be reached: ${reasonOf(error)}.`,
      date: undefined,
    };
  }
}

/** Answers that come to something else a little later. */
const passing: Readonly<Record<number, string>> = {
  409: 'Another subscriber has the channel, and this location serves one at a time.',
  410: 'The channel was deleted; it can be made anew.',
  425: 'The hub asks for patience (425).',
  429: 'The hub asks for patience (429).',
};

function outcomeOf(answer: HttpAnswer, url: URL): Outcome {
  const { status, headers } = answer;
  const { date } = headers;
  if (status === 200) return { came: 'message', message: messageOf(answer, url) };
  if (status === 204 || status === 304 || status === 408) return { came: 'nothing', date };
  const sentence = passing[status] ?? (status >= 500 ? refusalOf(answer, url) : undefined);
  if (sentence === undefined) throw new Failure(refusalOf(answer, url));
  return { came: 'trouble', sentence, date };
}

function messageOf(answer: HttpAnswer, url: URL): FollowedMessage {
  const place = placeOf(answer);
  if (!place) {
    throw new Failure(
      `${url} answered without Last-Modified and Etag, so it is no subscriber location. Name one with --url.`,
    );
  }
  const { second, tag } = place;
  return { second, tag, contentType: answer.headers['content-type'], body: answer.body };
}

function waitFor(ms: number, signal: AbortSignal): Promise<unknown> {
  return wait(ms, undefined, { signal }).catch(() => undefined);
}
