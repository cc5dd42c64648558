import type { Endpoint, HubConfig } from '../config/hub-config.js';
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

/** The system's error at listening as a sentence that names the address; undefined when it is another error. */
export function listenFailure(error: unknown, config: Pick<HubConfig, 'listen' | 'admin'>): Failure | undefined {
  const code = systemCodeOf(error);
  const { syscall, address, hostname, port } = error as ListenError;
  if (code === undefined || !/^(?:listen|bind|getaddrinfo)$/.test(syscall ?? '')) return undefined;
  const host = address ?? hostname;
  const isAdmin = isAt(config.admin, host, port) && !isAt(config.listen, host, port);
  const { option, endpoint } = isAdmin
    ? { option: '--admin', endpoint: config.admin }
    : { option: '--listen', endpoint: config.listen };
  const toDo = advice[code]?.(option) ?? `Name another address with ${option}.`;
  return new Failure(`Cannot listen on ${formatEndpoint(endpoint)}: ${reasonOf(error)}. ${toDo}`);
}

interface ListenError extends NodeJS.ErrnoException {
  readonly address?: string;
  readonly hostname?: string;
  readonly port?: number;
}

/** A failed look-up of a name tells no port. */
function isAt(endpoint: Endpoint, host: string | undefined, port: number | undefined): boolean {
  return endpoint.host === host && (port === undefined || endpoint.port === port);
}
