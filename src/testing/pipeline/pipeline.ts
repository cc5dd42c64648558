import { map, type Observable, tap } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { checkConfig } from '../../logic/loading/check-config.js';
import type { DeclaredServer } from '../../logic/loading/declared-servers.js';
import type { LoadedPlugin } from '../../logic/loading/load-plugin.js';
import { openContext } from '../../logic/plugin-context.module.js';
import { PluginConfigError } from '../../logic/plugin-entry.js';
import { handlersOf } from '../../logic/running/handlers.js';
import type { Permissions } from '../../logic/running/permissions.js';
import type { EventDeclaration } from '../../plugin/declarations.js';
import type { Emission } from '../../plugin/emission.js';
import type { LogicClock } from '../../plugin/logic-clock.js';
import { configFaults, loadedPlugin, type PluginSettings, type PluginSource } from '../hub/plugins-under-test.js';
import { timeOf } from '../time/time-of.js';
import { type MarbleEvent, receivedEvent } from './marble-event.js';
import { compareFrames } from './marble-frames.js';

/** A stream of events and what must come of it, in marbles: a character is a millisecond, and `' 90s '` lets time pass. */
export interface Marbles {
  readonly events: string;
  readonly expected: string;
  /** what the letters of both stand for: `event(…)`, and `command(…)` or `message(…)` of the plugin door */
  readonly values: Readonly<Record<string, MarbleEvent | Emission>>;
  /** when it is ended, as in `'10m'`: of a stream that repeats something for ever what comes before; left out: never */
  readonly until?: string | number;
}

/** A method with `@Pipeline` on its own: no hub, and the time of RxJS's test scheduler. */
export interface PipelineUnderTest {
  /**
   * Runs it in virtual time, up to a day behind the last marble. What no grant allows, and an event that its class does not let pass, end the stream with an
   * error, `#`.
   * @throws Error with what came, and when, where that is not what was expected; when there is no such pipeline; or when
   * the plugin does not take its settings
   */
  marbles(marbles: Marbles): Promise<void>;
}

/** @param plugin as for `testHub` @param method its name; left out: the only one @param options settings of the plugin */
export function pipeline(
  plugin: PluginSource,
  method?: string,
  { config = {} }: { readonly config?: PluginSettings } = {},
): PipelineUnderTest {
  return {
    marbles: async (marbles) => {
      const loaded = await loadedPlugin(plugin);
      const found = findPipeline(loaded, method);
      const context = await openContext(loaded, settingsOf(loaded, config), { logger: false });
      try {
        const server = context.get(found.server.token) as Record<string | symbol, PipelineMethod>;
        run(marbles, found, (events$, clock) => server[found.declaration.method]?.(events$, clock));
      } finally {
        await context.close();
      }
    },
  };
}

type PipelineMethod = (events$: Observable<unknown>, clock: LogicClock) => unknown;

interface FoundPipeline {
  readonly server: DeclaredServer;
  readonly declaration: EventDeclaration;
}

function run(
  { events, expected, values, until }: Marbles,
  { server, declaration }: FoundPipeline,
  open: PipelineMethod,
): void {
  const scheduler = new TestScheduler((came, wanted) => compareFrames(came, wanted));
  scheduler.run(({ hot, expectObservable }) => {
    // A stream that repeats something for ever has no end of its own.
    scheduler.maxFrames = lastFrameOf(events) + lastFrameOf(expected) + LOOKED_AFTER_MS;
    const permissions = permissionsOf(server, scheduler);
    const events$ = hot(events, values).pipe(map((value) => receivedEvent(value, declaration, scheduler.now())));
    const emissions$ = open(events$, scheduler) as Observable<Emission>;
    const granted$ = emissions$.pipe(tap((emission) => checkGranted(emission, permissions)));
    const ending = until === undefined ? undefined : `^${endingAt(timeOf(until))}`;
    expectObservable(granted$, ending).toBe(expected, values);
  });
}

/** Marbles behind the `^` of a subscription, which takes a millisecond itself. */
function endingAt(ms: number): string {
  return ms > 1 ? ` ${ms - 1}ms !` : '!';
}

/** ms behind the last marble in which what still comes is looked at */
const LOOKED_AFTER_MS = 86_400_000;

function lastFrameOf(marbles: string): number {
  return TestScheduler.parseMarbles(marbles, undefined, undefined, false, true).at(-1)?.frame ?? 0;
}

/** @throws HubError `not_granted`, `rate_exceeded` */
function checkGranted(emission: Emission, permissions: Permissions): void {
  if (emission.kind === 'command') permissions.takeCommand(emission.device, emission.name);
  else permissions.checkPublish(emission.channel);
}

function permissionsOf(server: DeclaredServer, scheduler: TestScheduler): Permissions {
  const { pipelines } = handlersOf([server], { clock: { uptime: () => scheduler.now() }, onRefusal: () => {} });
  // It has a pipeline, and all its pipelines have the same.
  return (pipelines[0] as { readonly permissions: Permissions }).permissions;
}

function findPipeline({ servers }: LoadedPlugin, method: string | undefined): FoundPipeline {
  const all = servers.flatMap((server) =>
    server.declarations.flatMap((declaration) => (declaration.kind === 'pipeline' ? [{ server, declaration }] : [])),
  );
  const fitting = all.filter(({ declaration }) => method === undefined || declaration.method === method);
  const [found, ...others] = fitting;
  if (found && others.length === 0) return found;
  const names = all.map(({ declaration }) => String(declaration.method)).join(', ');
  if (all.length === 0) throw new Error('The plugin has no method with @Pipeline.');
  if (found)
    throw new Error(`The plugin has several pipelines, ${names}: say which one with pipeline(plugin, method).`);
  throw new Error(`The plugin has no pipeline "${method}"; it has ${names}.`);
}

function settingsOf(loaded: LoadedPlugin, config: PluginSettings): object | undefined {
  const name = loaded.servers[0]?.options.name ?? '';
  const checked = checkConfig({ name, config }, loaded.configClass);
  if (checked.isValid) return checked.config;
  throw new Error(configFaults(new PluginConfigError(checked.faults)));
}
