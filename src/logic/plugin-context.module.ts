import { type DynamicModule, type INestApplicationContext, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { serverOptionsOf } from '../plugin/declarations.js';
import type { Logger } from '../telemetry/logger.js';
import { NestLog } from '../telemetry/nest-log.js';
import type { LoadedPlugin } from './loading/load-plugin.js';

/** What a plugin's providers were made in. */
export interface PluginContext {
  /** a provider of the plugin, wherever in its modules it stands */
  get(token: unknown): object;
  /** Runs the plugin's hooks for a shutdown. */
  close(): Promise<void>;
}

export interface NestLogging {
  /** where Nest writes, and plugins with its logger; false: nowhere; left out: where it writes already */
  readonly logger?: Logger | false | undefined;
}

/** Provides a plugin's settings, by their class, in all of its modules. */
@Module({})
class PluginSettingsModule {
  static with(ConfigClass: Type | undefined, config: object | undefined): DynamicModule {
    const settings = ConfigClass ? [{ provide: ConfigClass, useValue: config }] : [];
    return { module: PluginSettingsModule, global: true, providers: settings, exports: settings };
  }
}

/** Stands above a plugin's own module; a plugin that is a logic server alone is its provider. */
@Module({})
class PluginContextModule {
  static of({ root, configClass }: LoadedPlugin, config: object | undefined): DynamicModule {
    const settings = PluginSettingsModule.with(configClass, config);
    if (serverOptionsOf(root)) {
      return { module: PluginContextModule, imports: [settings], providers: [root as Type] };
    }
    return { module: PluginContextModule, imports: [settings, root as Type] };
  }
}

/**
 * Makes a plugin's providers in a Nest application context of its own: what fails in there fails there alone.
 * @throws whatever a constructor, a factory or a hook throws, and Nest's own error for what cannot be injected
 */
export async function openContext(
  plugin: LoadedPlugin,
  config: object | undefined,
  { logger }: NestLogging = {},
): Promise<PluginContext> {
  const logging = logger === undefined ? {} : { logger: logger && new NestLog(logger) };
  const context: INestApplicationContext = await NestFactory.createApplicationContext(
    PluginContextModule.of(plugin, config),
    { ...logging, abortOnError: false },
  );
  return {
    get: (token) => context.get(token as Type, { strict: false }),
    close: () => context.close(),
  };
}
