import { from, isObservable, type Observable, Subject, type Subscription, tap } from 'rxjs';
import type { Deadlined } from '../../channels/deadline-wheel.js';
import { isPromise } from '../../channels/maybe-promise.js';
import type { Declaration } from '../../plugin/declarations.js';
import type { Emission } from '../../plugin/emission.js';
import { inZone, outOfZone } from '../plugin-zone.js';
import { type Effect, effectOf } from './effects.js';
import { noteInvalid } from './event-handler.js';
import type { EventReader, QueuedEvent } from './queued-event.js';
import { readPayload } from './read-payload.js';
import { messageOf, type ReaderSurroundings } from './reader-surroundings.js';
import { ReceivedEvent } from './received-event.js';

export type PipelineMethod = (events$: Observable<ReceivedEvent>) => unknown;

/** Runs a method with `@Pipeline`: feeds its stream, does what it gives out, and starts it again when it failed. */
export class EventPipeline implements EventReader, Deadlined {
  readonly pattern: string;
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;
  /** undefined while it waits to be started again, and when it has come to its end */
  private events$: Subject<ReceivedEvent> | undefined;
  private subscription: Subscription | undefined;
  private startedAt = 0;
  private pauseMs: number;
  /** given out since the event loop turned, or the last event came */
  private emittedAtOnce = 0;
  private isStopped = false;

  /** @param open the method, bound to its logic server */
  constructor(
    readonly name: string,
    private readonly declaration: Declaration,
    private readonly open: PipelineMethod,
    private readonly around: ReaderSurroundings,
  ) {
    this.pattern = declaration.pattern;
    this.pauseMs = around.limits.firstPauseMs;
  }

  start(): void {
    const events$ = new Subject<ReceivedEvent>();
    this.events$ = events$;
    this.startedAt = this.around.clock.uptime();
    this.emittedAtOnce = 0;
    try {
      const subscription = inZone(this.around.zone, () => this.subscribe(events$.asObservable()));
      // It may have failed or ended already.
      if (this.events$ === events$) this.subscription = subscription;
    } catch (error) {
      this.restartLater(error);
    }
  }

  read(event: QueuedEvent): true {
    const { around, events$ } = this;
    const payload = readPayload(event.body, this.declaration.payload);
    if (!payload.isValid) {
      noteInvalid(around, this.name, event, payload.fault);
    } else if (!events$) {
      around.counters.dropped++;
    } else {
      this.emittedAtOnce = 0;
      inZone(around.zone, feed, events$, new ReceivedEvent(event, payload.data));
    }
    return true;
  }

  /** The pause is over. */
  expire(): void {
    if (!this.isStopped) this.start();
  }

  stop(): void {
    this.isStopped = true;
    this.around.wheel.disarm(this);
    this.end();
  }

  private subscribe(events$: Observable<ReceivedEvent>): Subscription {
    const output$ = this.open(events$);
    if (!isObservable(output$)) throw new TypeError('it returned no Observable');
    return (from(output$) as Observable<Emission>).pipe(tap(() => this.countEmission())).subscribe({
      next: (emission) => outOfZone(() => this.emit(emission)),
      error: (error: unknown) => outOfZone(() => this.restartLater(error)),
      complete: () => outOfZone(() => this.noteEnd()),
    });
  }

  /** @throws when it gives out without end: that ends its subscription, and so its loop */
  private countEmission(): void {
    if (this.emittedAtOnce === 0) {
      setImmediate(() => {
        this.emittedAtOnce = 0;
      });
    }
    this.emittedAtOnce++;
    const { maxEmissionsAtOnce } = this.around.limits;
    if (this.emittedAtOnce <= maxEmissionsAtOnce) return;
    throw new RangeError(`it gave out more than ${maxEmissionsAtOnce} commands and messages at once`);
  }

  private emit(emission: Emission): void {
    try {
      const effect = effectOf(emission);
      const applied = this.around.effects.apply([effect]);
      if (!isPromise(applied)) return this.noteEffect(effect);
      applied.then(
        () => this.noteEffect(effect),
        (error: unknown) => this.noteFailure('gave out what could not be done', error),
      );
    } catch (error) {
      this.noteFailure('gave out what could not be done', error);
    }
  }

  private noteEffect({ kind }: Effect): void {
    if (kind === 'command') this.around.counters.commands++;
    else this.around.counters.messages++;
  }

  private restartLater(error: unknown): void {
    this.end();
    if (this.isStopped) return;
    const { wheel, clock, limits } = this.around;
    // It ran well for long enough: what failed now is something new.
    if (clock.uptime() - this.startedAt > limits.longestPauseMs) this.pauseMs = limits.firstPauseMs;
    this.noteFailure(`failed, and is started again in ${this.pauseMs / 1000} s`, error);
    wheel.arm(this, this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, limits.longestPauseMs);
  }

  private noteFailure(what: string, error: unknown): void {
    this.around.counters.failed++;
    this.around.warnings.warn(`${this.name} ${what}`, { error }, `${this.name} ${what}: ${messageOf(error)}`);
  }

  /** Its stream has completed: it wants no more events. */
  private noteEnd(): void {
    this.end();
    if (this.isStopped) return;
    this.around.leave(this);
    this.around.logger.info({ handler: this.name }, `${this.name} has completed; it gets no more events.`);
  }

  private end(): void {
    const { subscription } = this;
    this.events$ = undefined;
    this.subscription = undefined;
    try {
      subscription?.unsubscribe();
    } catch (error) {
      this.noteFailure('failed while it was ended', error);
    }
  }
}

function feed(events$: Subject<ReceivedEvent>, event: ReceivedEvent): void {
  events$.next(event);
}
