import { pathToFileURL } from 'node:url';
import { HubError } from '../../channels/hub-error.js';
import type { PlainClass } from '../../plugin/logic-server-options.js';
import { packageVersion } from '../../telemetry/package-version.js';
import { type DeclaredServer, declaredServers } from './declared-servers.js';
import { eventPatternFault } from './event-pattern.js';
import { grantedOf } from './granted.js';
import { hubFault } from './hub-range.js';
import { runRulesOf } from './run-rules.js';

/** A plugin whose code was loaded, and of which nothing was made yet. */
export interface LoadedPlugin {
  /** its default export: a Nest module, or a logic server alone */
  readonly root: object;
  readonly servers: readonly DeclaredServer[];
  readonly configClass: PlainClass | undefined;
}

/** @throws HubError `plugin_failed` with what its file lacks, and whatever the file throws */
export async function loadPlugin(file: string): Promise<LoadedPlugin> {
  const root = defaultExportOf(await importFile(file));
  if (root === undefined) {
    throw failure(`${file} exports no plugin: its default export must be a Nest module or a class with @LogicServer.`);
  }
  return pluginOf(root, `the plugin in ${file}`);
}

/**
 * Reads what a plugin declares.
 * @param root its default export: a Nest module, or a logic server alone
 * @param where it comes from, for a sentence
 * @throws HubError `plugin_failed` with what it lacks
 */
export async function pluginOf(root: object, where = 'the plugin'): Promise<LoadedPlugin> {
  const servers = await declaredServers(root);
  if (servers.length === 0) throw failure(`No provider of ${where} has the decorator @LogicServer.`);
  for (const server of servers) checkServer(server);
  return { root, servers, configClass: configClassOf(servers) };
}

async function importFile(file: string): Promise<{ default?: unknown }> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    const isWithoutHub = error instanceof Error && /Cannot find package 'signalbox'/.test(error.message);
    if (!isWithoutHub) throw error;
    const remedy = 'Install it there or in a folder above: "npm install signalbox".';
    throw new HubError('plugin_failed', `${file} imports "signalbox/plugin" and does not find it. ${remedy}`, {
      cause: error,
    });
  }
}

/** A file in CommonJS that was made from an ES module has its default export one level further down. */
function defaultExportOf(module: { default?: unknown }): object | undefined {
  const outer = module.default as { default?: unknown } | undefined;
  const root = typeof outer === 'object' && outer !== null && outer.default !== undefined ? outer.default : outer;
  return typeof root === 'function' || (typeof root === 'object' && root !== null) ? root : undefined;
}

function checkServer({ options, declarations }: DeclaredServer): void {
  const misfit = options.hub === undefined ? undefined : hubFault(options.hub, packageVersion());
  if (misfit !== undefined) throw failure(`${options.name}: ${misfit}`);
  if (declarations.length === 0) {
    throw failure(`The logic server "${options.name}" has neither a method with @OnEvent nor one with @Pipeline.`);
  }
  for (const declaration of declarations) {
    const fault = 'pattern' in declaration ? eventPatternFault(declaration.pattern) : undefined;
    if (fault !== undefined) throw failure(`${options.name}.${String(declaration.method)}: ${fault}`);
  }
  runRulesOf(options.name, options.run);
  grantedOf(options.name, options.grants, declarations);
}

function configClassOf(servers: readonly DeclaredServer[]): PlainClass | undefined {
  const classes = new Set(servers.flatMap(({ options }) => (options.config ? [options.config] : [])));
  if (classes.size <= 1) return [...classes][0];
  const names = Array.from(classes, ({ name }) => name).join(', ');
  throw failure(`Its logic servers name ${classes.size} config classes (${names}); a plugin has one at most.`);
}

function failure(sentence: string): HubError {
  return new HubError('plugin_failed', sentence);
}
