import type { PlainClass } from '../../plugin/logic-server-options.js';
import type { Logger } from '../../telemetry/logger.js';
import type { DeclaredServer } from '../loading/declared-servers.js';
import type { PluginContext } from '../plugin-context.module.js';
import { inZone, type PluginZone } from '../plugin-zone.js';
import { EventPipeline } from './event-pipeline.js';
import {
  type BegunTurn,
  type HandlerHost,
  type HostedPipeline,
  PayloadFault,
  type PipelineParts,
} from './handler-host.js';
import { handlerName, type PipelineBinding } from './handlers.js';
import type { CalledJob } from './job.js';
import { OpenTurn, type TurnOwner } from './open-turn.js';
import type { StateReader } from './turn-entries.js';
import { valueFor } from './turn-value.js';

type Call = (...args: unknown[]) => unknown;

interface Method {
  /** bound to its logic server */
  readonly call: Call;
  readonly payload: PlainClass | undefined;
}

export interface InlineHostParts {
  readonly zone: PluginZone;
  readonly plugin: string;
  readonly maxEffects: number;
  readonly maxEffectBytes: number;
  /** what the plugin itself writes */
  readonly logger: Logger;
  /** `STATE` */
  readonly state: StateReader;
}

/** Runs a plugin's methods in the thread that it is made in, which for most plugins is the hub's. */
export class InlineHost implements HandlerHost {
  readonly isReady = true;
  readonly isInProcess = true;
  private readonly methods = new Map<string, Method>();
  private readonly owner: TurnOwner;

  /** @throws Nest's error for a server that cannot be got, one bound to requests for instance */
  constructor(
    servers: readonly DeclaredServer[],
    context: PluginContext,
    private readonly parts: InlineHostParts,
  ) {
    const timerNames = new Set<string>();
    const outboxNames = new Set<string>();
    for (const { token, options, declarations } of servers) {
      const server = context.get(token) as Record<string | symbol, Call>;
      for (const declaration of declarations) {
        const call: Call = (...args) => server[declaration.method]?.(...args);
        const payload = 'pattern' in declaration ? declaration.payload : undefined;
        this.methods.set(handlerName(options.name, declaration), { call, payload });
        if (declaration.kind === 'timer') timerNames.add(declaration.name);
        if (declaration.kind === 'outbox') outboxNames.add(declaration.name);
      }
    }
    this.owner = { ...parts, timerNames, outboxNames };
  }

  start(): void {
    // It is ready as long as it is there.
  }

  begin(job: CalledJob): BegunTurn {
    const { call, payload } = this.methodOf(job.handler.name);
    const value = valueFor(job, payload);
    if (!value.isValid) throw new PayloadFault(value.fault);
    const turn = new OpenTurn(this.owner, job);
    try {
      const result = inZone(this.parts.zone, call, value.data, turn);
      if (isThenable(result)) turn.ended = Promise.resolve(result);
    } catch (error) {
      turn.abandon();
      throw error;
    }
    return turn;
  }

  pipeline({ name, declaration }: PipelineBinding, parts: PipelineParts): HostedPipeline {
    const { call, payload } = this.methodOf(name);
    return new EventPipeline({ name, pattern: declaration.pattern, payload, open: call }, parts);
  }

  private methodOf(name: string): Method {
    return this.methods.get(name) as Method;
  }
}

/** @throws what a hostile `then` throws */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function';
}
