import { setImmediate as turn } from 'node:timers/promises';
import type { Channels } from '../../channels/channels.js';
import type { ChannelLog, StoredMessage } from '../../engine/message-log.js';
import { BEFORE_ALL, type Position } from '../../engine/position.js';
import { RECORDED_PREFIX, type RecordedChannels } from './recorded-channels.js';

/** Where a kept message stands. */
export interface KeptMessage {
  readonly channel: string;
  readonly position: Position;
  /** unix ms */
  readonly publishedAt: number;
}

/** What is kept of the recorded channels. */
export interface Kept {
  /** by the time of their publication, and of one channel in its order */
  readonly messages: readonly KeptMessage[];
  /** older ones that were left out, for there are too many */
  readonly passedOver: number;
  /** channels that have dropped messages and keep none that is older than what was asked for; and one of them */
  readonly lacking: number;
  readonly lackingOne: string | undefined;
}

/** Channels, and messages of one, that are looked at before everything else has its turn. */
const CHANNELS_PER_PAGE = 100;
const MESSAGES_PER_READ = 64;
/** Messages of which the places are in memory, some 25 MB; twice as many while they are gathered. */
const MAX_KEPT = 250_000;

export interface KeptQuery {
  readonly channels: Channels;
  readonly recorded: RecordedChannels;
  /** only what is behind it */
  readonly after: Position;
  /** true: nobody waits for it any more */
  isOver(): boolean;
}

/** What is kept in all recorded channels: the places of messages, for the bodies may not fit into memory. */
export async function keptMessages(query: KeptQuery): Promise<Kept> {
  const gathered = new Gathered();
  for await (const channel of recordedIds(query)) {
    await query.channels.glance(channel, (log, published) => gatherFrom(log, { channel, published, query, gathered }));
    if (query.isOver()) break;
  }
  return gathered.sorted();
}

/** A message that is still there. */
export async function readKept(
  channels: Channels,
  { channel, position }: KeptMessage,
): Promise<StoredMessage | undefined> {
  const [message] = (await channels.glance(channel, (log) => log.read(position - 1, 1))) ?? [];
  return message?.position === position ? message : undefined;
}

async function* recordedIds({ channels, recorded }: KeptQuery): AsyncGenerator<string> {
  let after: string | undefined;
  for (;;) {
    // Channels without a group: their keys are their ids.
    const page = channels.log.channels({ group: '', prefix: RECORDED_PREFIX, after, limit: CHANNELS_PER_PAGE });
    yield* page.filter((id) => recorded.has(id));
    if (page.length < CHANNELS_PER_PAGE) return;
    after = page.at(-1);
    await turn();
  }
}

interface GatherParts {
  readonly channel: string;
  readonly published: number;
  readonly query: KeptQuery;
  readonly gathered: Gathered;
}

async function gatherFrom(log: ChannelLog, { channel, published, query, gathered }: GatherParts): Promise<void> {
  const { after } = query;
  const { first = Number.POSITIVE_INFINITY } = log;
  if (after !== BEFORE_ALL && first > after && log.last > after && published !== log.length)
    gathered.noteLacking(channel);
  let last = after;
  for (;;) {
    const messages = await log.read(last, MESSAGES_PER_READ);
    for (const { position, publishedAt } of messages) gathered.add({ channel, position, publishedAt });
    if (messages.length < MESSAGES_PER_READ || query.isOver()) return;
    last = messages.at(-1)?.position ?? last;
    await turn();
  }
}

/** The newest of what is added, as many as are allowed. */
class Gathered {
  private messages: KeptMessage[] = [];
  private passedOver = 0;
  private lacking = 0;
  private lackingOne: string | undefined;

  add(message: KeptMessage): void {
    this.messages.push(message);
    if (this.messages.length >= 2 * MAX_KEPT) this.cut();
  }

  noteLacking(channel: string): void {
    this.lacking++;
    this.lackingOne ??= channel;
  }

  sorted(): Kept {
    this.cut();
    const { messages, passedOver, lacking, lackingOne } = this;
    return { messages, passedOver, lacking, lackingOne };
  }

  private cut(): void {
    this.messages.sort((a, b) => a.publishedAt - b.publishedAt || a.position - b.position);
    const excess = Math.max(this.messages.length - MAX_KEPT, 0);
    this.messages = this.messages.slice(excess);
    this.passedOver += excess;
  }
}
