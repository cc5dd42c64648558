/**
 * `signalbox/testing`: runs plugins in a hub in memory, in virtual time, with devices that the test plays. It needs no
 * test runner of its own; docs/plugins.md tells how to use it.
 */
import 'reflect-metadata';

export type { FakeDevice } from './device/fake-device.js';
export type { CommandAnswer, ReceivedCommand } from './device/received-command.js';
export type { LogLine } from './hub/hub-log.js';
export type { PluginSettings, PluginSource, PluginWithConfig } from './hub/plugins-under-test.js';
export type { SentCommand } from './hub/seen-commands.js';
export { type PluginsUnderTest, type TestHubOptions, testHub } from './open-test-hub.js';
export { event, type MarbleEvent } from './pipeline/marble-event.js';
export { type Marbles, type PipelineUnderTest, pipeline } from './pipeline/pipeline.js';
export type { PluginOutboxItem, PluginTimer, PluginView } from './plugin-view.js';
export type { GoldenOptions } from './replay/golden.js';
export type { Replay, ReplayOptions } from './replay/replay.js';
export type { SeenMessage } from './seen-messages.js';
export type { TestHub } from './test-hub.js';
