import type { PluginStatus, ShadowStatus } from '../logic/plugin-status.js';
import type { PluginState } from './plugin.dto.js';
import type { ShadowState } from './shadow.dto.js';

/** A plugin as the admin API shows it. */
export function pluginState({ shadow, ...status }: PluginStatus): PluginState {
  return { ...status, ...orNull(status), shadow: shadow ? shadowState(shadow) : null };
}

/** A candidate version as the admin API shows it. */
export function shadowState(status: ShadowStatus): ShadowState {
  return { ...status, ...orNull(status) };
}

type Optional = Pick<PluginStatus, 'version' | 'from' | 'reason' | 'isolation' | 'worker' | 'handlerMs'>;

function orNull({ version, from, reason, isolation, worker, handlerMs }: Optional) {
  return {
    version: version ?? null,
    from: from ?? null,
    reason: reason ?? null,
    isolation: isolation ?? null,
    worker: worker ?? null,
    handlerMs: handlerMs ?? null,
  };
}
