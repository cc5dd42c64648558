import type { Clock } from '../../channels/clock.js';
import { HubError } from '../../channels/hub-error.js';
import type { Declaration, EventDeclaration, NamedDeclaration } from '../../plugin/declarations.js';
import type { DeclaredServer } from '../loading/declared-servers.js';
import { grantedOf } from '../loading/granted.js';
import { OUTBOX_RETRY, type RunRules, runRulesOf } from '../loading/run-rules.js';
import type { PluginContext } from '../plugin-context.module.js';
import { Permissions } from './permissions.js';
import type { TurnHandler } from './turn-handler.js';

/** A method with `@Pipeline`, bound to its logic server. */
export interface PipelineBinding {
  readonly name: string;
  readonly declaration: EventDeclaration;
  readonly permissions: Permissions;
  readonly call: (...args: unknown[]) => unknown;
}

/** All methods of a plugin that are called by the hub. */
export interface Handlers {
  readonly turns: readonly TurnHandler[];
  readonly pipelines: readonly PipelineBinding[];
  /** the most turns that one of its logic servers may have open */
  readonly concurrency: number;
}

type Call = (...args: unknown[]) => unknown;

/**
 * Binds the methods of a plugin's logic servers, in the order of their declaration.
 * @throws Nest's error for a server that cannot be got, one bound to requests for instance; HubError `plugin_failed` for
 * grants and run options that cannot be read
 */
export function bindHandlers(
  servers: readonly DeclaredServer[],
  context: PluginContext,
  { clock, onRefusal }: { readonly clock: Clock; readonly onRefusal: () => void },
): Handlers {
  const turns: TurnHandler[] = [];
  const pipelines: PipelineBinding[] = [];
  let concurrency = 1;
  for (const { token, options, declarations } of servers) {
    const server = context.get(token) as Record<string | symbol, Call>;
    const rules = runRulesOf(options.name, options.run);
    const permissions = new Permissions(grantedOf(options.name, options.grants, declarations), clock, onRefusal);
    concurrency = Math.max(concurrency, rules.concurrency);
    for (const declaration of declarations) {
      const name = `${options.name}.${String(declaration.method)}`;
      const call: Call = (...args) => server[declaration.method]?.(...args);
      if (declaration.kind === 'pipeline') pipelines.push({ name, declaration, permissions, call });
      else
        turns.push({
          ...aboutOf(declaration),
          name,
          version: options.version,
          ...{ rules: rulesFor(declaration, rules) },
          permissions,
          call,
        });
    }
  }
  return { turns, pipelines, concurrency };
}

/** Stands for a method that the plugin no longer has: what was meant for it ends among the dead letters. */
export function missingHandler(kind: NamedDeclaration['kind'], of: string, clock: Clock): TurnHandler {
  const decorator = kind === 'timer' ? '@OnTimer' : '@OnOutbox';
  return {
    ...{ name: `${decorator}(${of})`, version: '', kind, of, payload: undefined },
    rules: runRulesOf(''),
    permissions: new Permissions(grantedOf(''), clock, () => {}),
    call: () => {
      throw new HubError('plugin_failed', `No method of the plugin has ${decorator}("${of}") any more.`);
    },
  };
}

function aboutOf(
  declaration: Exclude<Declaration, { kind: 'pipeline' }> | EventDeclaration,
): Pick<TurnHandler, 'kind' | 'of' | 'payload'> {
  if ('pattern' in declaration) return { kind: 'event', of: declaration.pattern, payload: declaration.payload };
  return { kind: declaration.kind, of: declaration.name, payload: undefined };
}

function rulesFor({ kind }: Declaration, rules: RunRules): RunRules {
  return kind === 'outbox' ? { ...rules, retry: OUTBOX_RETRY } : rules;
}
