import { type Declaration, declarationsOf, serverOptionsOf } from '../../plugin/declarations.js';
import type { LogicServerOptions } from '../../plugin/logic-server-options.js';

/** What a logic server says of itself. */
export interface ServerDeclaration {
  readonly options: LogicServerOptions;
  readonly declarations: readonly Declaration[];
}

/** A provider of a plugin that is a logic server, read without making it. */
export interface DeclaredServer extends ServerDeclaration {
  /** what Nest makes it by */
  readonly token: unknown;
}

/** What stands in Nest's lists of providers and imports: classes, dynamic modules, promises and forward references. */
interface ModuleParts {
  readonly providers?: readonly unknown[];
  readonly imports?: readonly unknown[];
}

/** The logic servers among the providers of a module and of what it imports; or the one that `root` itself is. */
export async function declaredServers(root: unknown): Promise<readonly DeclaredServer[]> {
  const servers = new Map<unknown, DeclaredServer>();
  const seen = new Set<unknown>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const module = await settled(open.shift());
    if (seen.has(module)) continue;
    seen.add(module);
    for (const { providers = [], imports = [] } of partsOf(module)) {
      for (const server of [module, ...providers].flatMap(serverOf)) servers.set(server.token, server);
      open.push(...imports);
    }
  }
  return [...servers.values()];
}

/** @returns the class's own parts, and before them those that a dynamic module adds */
function partsOf(module: unknown): ModuleParts[] {
  if (typeof module === 'function') {
    return [{ providers: Reflect.getMetadata('providers', module), imports: Reflect.getMetadata('imports', module) }];
  }
  if (!isRecord(module)) return [];
  return [module as ModuleParts, ...partsOf(module.module)];
}

function serverOf(provider: unknown): DeclaredServer[] {
  const isCustom = isRecord(provider);
  const made = isCustom ? provider.useClass : provider;
  const options = serverOptionsOf(made);
  if (!options) return [];
  return [{ token: isCustom ? provider.provide : made, options, declarations: declarationsOf(made as object) }];
}

async function settled(imported: unknown): Promise<unknown> {
  const value = await imported;
  return isRecord(value) && typeof value.forwardRef === 'function' ? value.forwardRef() : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
