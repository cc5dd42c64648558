import type { HubSurroundings } from './hosted.js';
import type { PluginPlaces } from './loading/plugin-file.js';

/** What the hub gives to each plugin. */
export interface PluginSurroundings extends HubSurroundings {
  readonly places: PluginPlaces;
  /** Node's options for worker threads; left out: those of the process */
  readonly workerArgv?: readonly string[] | undefined;
}
