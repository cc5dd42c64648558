import type { LogicServerConfig, LogicServerGrants } from '../hub-config.js';
import type { WrittenCommandGrant, WrittenLogicServer } from '../written-logic-server.js';
import { count, isOn, ms } from './resolve-values.js';

export function resolveLogicServer(name: string, server: WrittenLogicServer): LogicServerConfig {
  const { keys, lists, grants, commands } = server;
  const { publish, ...given } = lists;
  return {
    name,
    enabled: isOn(keys.enabled),
    token: keys.token as string | undefined,
    ...given,
    grants: { command: commands.map(resolveCommandGrant), publish, state: String(grants.keys.state) },
    key: keys.key as LogicServerConfig['key'],
    concurrency: count(keys.concurrency),
    leaseMs: ms(keys.lease),
    retries: count(keys.retries),
    backoff: keys.backoff as string,
  };
}

function resolveCommandGrant({ keys, names }: WrittenCommandGrant): LogicServerGrants['command'][number] {
  const { device, rate } = keys;
  return { device, names, ...(rate !== undefined && { rate: rate as string }) };
}
