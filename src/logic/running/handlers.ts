import type { Clock } from '../../channels/clock.js';
import type { Declaration, EventDeclaration, NamedDeclaration } from '../../plugin/declarations.js';
import type { ServerDeclaration } from '../loading/declared-servers.js';
import { grantedOf } from '../loading/granted.js';
import { OUTBOX_RETRY, type RunRules, runRulesOf } from '../loading/run-rules.js';
import { Permissions } from './permissions.js';
import type { TurnHandler } from './turn-handler.js';

/** A method with `@Pipeline`. */
export interface PipelineBinding {
  readonly name: string;
  /** of its logic server */
  readonly version: string;
  readonly declaration: Pick<EventDeclaration, 'pattern'>;
  readonly permissions: Permissions;
}

/** All methods of a plugin that are called by the hub. */
export interface Handlers {
  readonly turns: readonly TurnHandler[];
  readonly pipelines: readonly PipelineBinding[];
  /** the most turns that one of its logic servers may have open */
  readonly concurrency: number;
}

/**
 * The methods of a plugin's logic servers, in the order of their declaration, with their rules and what they may do.
 * @throws HubError `plugin_failed` for grants and run options that cannot be read
 */
export function handlersOf(
  servers: readonly ServerDeclaration[],
  { clock, onRefusal }: { readonly clock: Pick<Clock, 'uptime'>; readonly onRefusal: () => void },
): Handlers {
  const turns: TurnHandler[] = [];
  const pipelines: PipelineBinding[] = [];
  let concurrency = 1;
  for (const { options, declarations } of servers) {
    const rules = runRulesOf(options.name, options.run);
    const permissions = new Permissions(grantedOf(options.name, options.grants, declarations), clock, onRefusal);
    concurrency = Math.max(concurrency, rules.concurrency);
    for (const declaration of declarations) {
      const name = handlerName(options.name, declaration);
      if (declaration.kind === 'pipeline') {
        pipelines.push({ name, version: options.version, declaration, permissions });
        continue;
      }
      turns.push({
        ...{ name, version: options.version, kind: declaration.kind, of: subjectOf(declaration) },
        ...{ rules: rulesFor(declaration, rules), permissions, missing: undefined },
      });
    }
  }
  return { turns, pipelines, concurrency };
}

/** `thermostat.regulate` */
export function handlerName(server: string, { method }: Declaration): string {
  return `${server}.${String(method)}`;
}

/** Stands for a method that the plugin no longer has: what was meant for it ends among the dead letters. */
export function missingHandler(kind: NamedDeclaration['kind'], of: string, clock: Clock): TurnHandler {
  const decorator = kind === 'timer' ? '@OnTimer' : '@OnOutbox';
  return {
    ...{ name: `${decorator}(${of})`, version: '', kind, of },
    rules: runRulesOf(''),
    permissions: new Permissions(grantedOf(''), clock, () => {}),
    missing: `No method of the plugin has ${decorator}("${of}") any more.`,
  };
}

function subjectOf(declaration: Declaration): string {
  return 'pattern' in declaration ? declaration.pattern : declaration.name;
}

function rulesFor({ kind }: Declaration, rules: RunRules): RunRules {
  return kind === 'outbox' ? { ...rules, retry: OUTBOX_RETRY } : rules;
}
