import type { LogicServerConfig, LogicServerGrants } from '../hub-config.js';
import type { CommandGrantKeys, JobGrantKeys } from '../keys/logic-server-keys.js';
import type { WrittenGrant, WrittenLogicServer } from '../written-logic-server.js';
import { count, isOn, ms } from './resolve-values.js';

export function resolveLogicServer(name: string, server: WrittenLogicServer): LogicServerConfig {
  const { keys, lists, grants, commands, jobs } = server;
  const { publish, ...given } = lists;
  return {
    name,
    enabled: isOn(keys.enabled),
    token: keys.token as string | undefined,
    ...given,
    grants: {
      command: commands.map(resolveCommandGrant),
      jobs: jobs.map(resolveJobGrant),
      publish,
      state: String(grants.keys.state),
    },
    key: keys.key as LogicServerConfig['key'],
    concurrency: count(keys.concurrency),
    leaseMs: ms(keys.lease),
    retries: count(keys.retries),
    backoff: keys.backoff as string,
  };
}

function resolveCommandGrant({ keys, names }: WrittenGrant<CommandGrantKeys>): LogicServerGrants['command'][number] {
  const { device, rate } = keys;
  return { device, names, ...(rate !== undefined && { rate: rate as string }) };
}

function resolveJobGrant({ keys, names }: WrittenGrant<JobGrantKeys>): LogicServerGrants['jobs'][number] {
  const { devices, rate } = keys;
  return { devices, names, ...(rate !== undefined && { rate: rate as string }) };
}
