import { from, isObservable, type Observable, Subject, type Subscription, tap } from 'rxjs';
import type { Deadlined } from '../../channels/deadline-wheel.js';
import { andThen, recover } from '../../channels/maybe-promise.js';
import type { Emission } from '../../plugin/emission.js';
import type { LogicClock } from '../../plugin/logic-clock.js';
import type { PlainClass } from '../../plugin/logic-server-options.js';
import { inZone, outOfZone } from '../plugin-zone.js';
import { RestartPause } from '../runtime/restart-pause.js';
import { commandEffect, type Effect, invalid, messageEffect } from './effects.js';
import type { GivenEvent, HostedPipeline, PipelineParts } from './handler-host.js';
import type { LiveEvent } from './live-feed.js';
import { PipelineClock } from './pipeline-clock.js';
import { readPayload } from './read-payload.js';
import { messageOf } from './reader-surroundings.js';
import { ReceivedEvent } from './turn-value.js';

export type PipelineMethod = (events$: Observable<ReceivedEvent>, clock: LogicClock) => unknown;

export interface PipelineSource {
  readonly name: string;
  readonly pattern: string;
  readonly payload: PlainClass | undefined;
  /** the method, bound to its logic server */
  readonly open: PipelineMethod;
}

/** Runs a method with `@Pipeline`: feeds its stream, does what it gives out, and starts it again when it failed. */
export class EventPipeline implements HostedPipeline, Deadlined {
  readonly name: string;
  readonly pattern: string;
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;
  /** undefined while it waits to be started again, and when it has come to its end */
  private events$: Subject<ReceivedEvent> | undefined;
  private subscription: Subscription | undefined;
  private readonly pause: RestartPause;
  /** given out since the event loop turned, or the last event came */
  private emittedAtOnce = 0;
  /** the event that its stream is given at this moment: what comes out now was brought about by it */
  private given: GivenEvent | undefined = undefined;
  private isStopped = false;

  constructor(
    private readonly source: PipelineSource,
    private readonly around: PipelineParts,
  ) {
    this.name = source.name;
    this.pattern = source.pattern;
    this.pause = new RestartPause(around.limits, around.clock);
  }

  start(): void {
    const events$ = new Subject<ReceivedEvent>();
    this.events$ = events$;
    this.pause.started();
    this.emittedAtOnce = 0;
    try {
      const subscription = inZone(this.around.zone, () => this.subscribe(events$.asObservable()));
      // It may have failed or ended already.
      if (this.events$ === events$) this.subscription = subscription;
    } catch (error) {
      this.restartLater(error);
    }
  }

  read({ channel, message, body, depth }: LiveEvent): void {
    const { around, events$ } = this;
    const payload = readPayload(body, this.source.payload);
    if (!payload.isValid) {
      this.noteInvalid(channel, payload.fault);
    } else if (!events$) {
      around.counters.dropped++;
    } else {
      this.emittedAtOnce = 0;
      const { position, publishedAt } = message;
      this.given = { channel, position, depth };
      inZone(around.zone, feed, events$, new ReceivedEvent({ channel, position, publishedAt }, payload.data));
      this.given = undefined;
    }
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
    const output$ = this.source.open(events$, new PipelineClock(this.around.clock));
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
    recover(
      () => {
        const effect = effectOf(emission);
        return andThen(this.around.carryOut(effect, this.given), () => this.noteEffect(effect));
      },
      (error) => this.noteFailure('gave out what could not be done', error),
    );
  }

  private noteInvalid(channel: string, fault: string): void {
    const { counters, warnings } = this.around;
    counters.invalid++;
    const sentence = `${this.name} did not get an event of ${channel}, for its payload is wrong: ${fault}.`;
    warnings.warn(`${this.name} invalid`, { channel }, sentence);
  }

  private noteEffect({ kind }: Effect): void {
    if (kind === 'command') this.around.counters.commands++;
    else this.around.counters.messages++;
  }

  private restartLater(error: unknown): void {
    this.end();
    if (this.isStopped) return;
    const pauseMs = this.pause.next();
    this.noteFailure(`failed, and is started again in ${pauseMs / 1000} s`, error);
    this.around.wheel.arm(this, pauseMs);
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

/** @throws HubError `invalid_device_id`, `invalid_payload` */
function effectOf(emission: Emission): Effect {
  switch (emission?.kind) {
    case 'command':
      return commandEffect(emission.device, emission.name, emission.params);
    case 'message':
      return messageEffect(emission.channel, emission.body, emission.options);
    default:
      throw invalid('A pipeline gives out what command(…) and message(…) make, and nothing else.');
  }
}

function feed(events$: Subject<ReceivedEvent>, event: ReceivedEvent): void {
  events$.next(event);
}
