import type { RecordChange } from '../../engine/engine.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { Revision } from '../../engine/record-table.js';
import { entryTurn, type SourcePoint, type TurnId } from '../attempts/turn-id.js';
import { causeOf } from '../cause.js';
import type { OpenEntry } from '../journal/cursor.js';
import type { CursorProgress } from '../journal/cursor-progress.js';
import { endedOutcomeOf, isOutcomeChannel } from '../journal/ended-outcome.js';
import type { Follower, Intake } from '../journal/follower.js';
import { EventPattern } from '../journal/interest.js';
import type { JournalEntry } from '../journal/journal-entry.js';
import { type Acknowledgement, Job } from '../running/job.js';
import type { TurnHandler } from '../running/turn-handler.js';
import { type MessageInput, subjectOf } from '../running/turn-input.js';
import type { TurnQueue } from '../running/turn-queue.js';

export interface EventSourceParts {
  readonly follower: Follower;
  readonly queue: TurnQueue;
  /** those of events and of outcomes */
  readonly handlers: readonly TurnHandler[];
  readonly arrived: () => void;
  lost(atMost: number): void;
  failed(error: unknown): void;
}

/** Channels whose handlers are remembered; past it all are looked up anew. */
const MAX_REMEMBERED = 50_000;

const NOBODY: readonly string[] = [];

/** Makes turns of what a plugin's follower brings: one for each handler that an event or an outcome concerns. */
export class EventSource implements Intake {
  private readonly byName: ReadonlyMap<string, TurnHandler>;
  private readonly events: readonly (readonly [EventPattern, string])[];
  private readonly firstName: readonly string[];
  private readonly outcomes: readonly TurnHandler[];
  private readonly remembered = new Map<string, readonly string[]>();
  /** entries that were dropped before the next turn, which is told */
  private untold = 0;

  constructor(private readonly parts: EventSourceParts) {
    const { handlers } = parts;
    this.byName = new Map(handlers.map((handler) => [handler.name, handler]));
    this.events = handlers
      .filter(({ kind }) => kind === 'event')
      .map(({ of, name }) => [new EventPattern(of), name] as const);
    this.firstName = this.events.slice(0, 1).map(([, name]) => name);
    this.outcomes = handlers.filter(({ kind }) => kind === 'outcome');
  }

  get hasRoom(): boolean {
    return this.parts.queue.hasRoomLeft;
  }

  handlersOf({ channel, body }: JournalEntry): readonly string[] {
    if (isOutcomeChannel(channel)) {
      const command = endedOutcomeOf(body)?.name;
      return this.outcomes.filter(({ of }) => of === command).map(({ name }) => name);
    }
    const [first, second] = this.events;
    // Most plugins have one handler of events, and asking it costs less than remembering.
    if (first && !second) return first[0].matches(channel) ? this.firstName : NOBODY;
    let names = this.remembered.get(channel);
    if (!names) {
      const matching = this.events.filter(([pattern]) => pattern.matches(channel));
      // A handler may have several patterns, and is called once for an event.
      names = [...new Set(matching.map(([, name]) => name))];
      if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
      this.remembered.set(channel, names);
    }
    return names;
  }

  take(entry: JournalEntry, handlers: readonly string[], open: OpenEntry): void {
    const depth = causeOf(entry.cause)?.depth ?? 0;
    for (const name of handlers) {
      const handler = this.byName.get(name) as TurnHandler;
      const input = inputOf(entry, handler, this.untold);
      const acknowledgement = new EntryAcknowledgement(this.parts.follower.progress, name, open);
      this.parts.arrived();
      this.parts.queue.add(new Job(handler, input, depth, keyOf(handler, input, entry), acknowledgement));
    }
    this.untold = 0;
  }

  lost(atMost: number): void {
    this.untold += atMost;
    this.parts.lost(atMost);
  }

  failed(error: unknown): void {
    this.parts.failed(error);
  }
}

class EntryAcknowledgement implements Acknowledgement {
  readonly isOwed = false;
  private record: RecordChange | undefined = undefined;

  constructor(
    private readonly progress: CursorProgress,
    private readonly handler: string,
    private readonly open: OpenEntry,
  ) {}

  records(): readonly RecordChange[] {
    this.record ??= this.progress.recordOf(this.open, this.handler);
    return [this.record];
  }

  isSettled(): MaybePromise<boolean> {
    return this.record !== undefined && this.progress.wasCommitted(this.record, this.open);
  }

  turn(): TurnId {
    return entryTurn(this.open.position, this.handler);
  }

  wasThere({ position }: SourcePoint): boolean {
    return this.open.position <= position;
  }

  settle(isCommitted: boolean, revision?: Revision): void {
    this.progress.complete(this.open, this.record, isCommitted, revision);
  }
}

function inputOf(entry: JournalEntry, handler: TurnHandler, lost: number): MessageInput {
  const { channel, eventPosition: position, publishedAt, body } = entry;
  const kind = handler.kind === 'outcome' ? 'outcome' : 'event';
  if (lost > 0) return { kind, channel, position, publishedAt, body, lost };
  return { kind, channel, position, publishedAt, body };
}

function keyOf({ rules, name }: TurnHandler, input: MessageInput, { position }: JournalEntry): string {
  switch (rules.key) {
    case 'device':
      return subjectOf(input);
    case 'all':
      return '';
    case 'none':
      return `${position}/${name}`;
  }
}
