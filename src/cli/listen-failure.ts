import type { HubConfig } from '../config/hub-config.js';
import { formatEndpoint } from '../config/units/endpoint.js';
import { Failure } from './failure.js';
import { reasonOf, systemCodeOf } from './system-errors.js';

/** What to do about it, where the address tells more than "name another one". */
const advice: Readonly<Record<string, (option: string) => string>> = {
  EADDRINUSE: (option) => `Stop it, or name another address with ${option}.`,
  EACCES: (option) => `Ports below 1024 are the superuser's; name another one with ${option}.`,
  EADDRNOTAVAIL: (option) => `Name one of its addresses with ${option}; 0.0.0.0 is all of them.`,
  ENOTFOUND: (option) => `Name an address of this machine with ${option}.`,
};

/** The system's error at listening as a sentence that names the address and its option; undefined when it is another error. */
export function listenFailure(error: unknown, config: Pick<HubConfig, 'listen' | 'admin'>): Failure | undefined {
  const code = systemCodeOf(error);
  const { syscall, door = 'listen' } = error as ListenError;
  if (code === undefined || !/^(?:listen|bind|getaddrinfo)$/.test(syscall ?? '')) return undefined;
  const option = `--${door}`;
  const endpoint = config[door];
  const toDo = advice[code]?.(option) ?? `Name another address with ${option}.`;
  return new Failure(`Cannot listen on ${formatEndpoint(endpoint)}: ${reasonOf(error)}. ${toDo}`);
}

interface ListenError extends NodeJS.ErrnoException {
  /** which of the two did not open; `startHub` writes it */
  readonly door?: 'listen' | 'admin';
}
