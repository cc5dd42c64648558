import type { Declaration } from '../../plugin/declarations.js';
import type { DeclaredServer } from '../loading/declared-servers.js';
import type { PluginContext } from '../plugin-context.module.js';
import { EventHandler, type HandlerMethod } from './event-handler.js';
import { EventPipeline, type PipelineMethod } from './event-pipeline.js';
import type { EventReader } from './queued-event.js';
import type { ReaderSurroundings } from './reader-surroundings.js';

/**
 * The readers of a plugin's logic servers, in the order of their declaration.
 * @throws Nest's error for a server that cannot be got, one bound to requests for instance
 */
export function openReaders(
  servers: readonly DeclaredServer[],
  context: PluginContext,
  around: ReaderSurroundings,
): readonly EventReader[] {
  return servers.flatMap(({ token, options, declarations }) => {
    const server = context.get(token) as Record<string | symbol, (...args: unknown[]) => unknown>;
    return declarations.map((declaration) => openReader(server, options.name, declaration, around));
  });
}

function openReader(
  server: Record<string | symbol, (...args: unknown[]) => unknown>,
  serverName: string,
  declaration: Declaration,
  around: ReaderSurroundings,
): EventReader {
  const { kind, method } = declaration;
  const name = `${serverName}.${String(method)}`;
  const call = (...args: unknown[]) => server[method]?.(...args);
  switch (kind) {
    case 'event':
      return new EventHandler(name, declaration, call as HandlerMethod, around);
    case 'pipeline':
      return new EventPipeline(name, declaration, call as PipelineMethod, around);
  }
}
