import type { HubConfig } from '../config/hub-config.js';
import { defaultConfig } from '../config/load-config.js';
import { formatEndpoint } from '../config/units/endpoint.js';
import type { RunningHub } from '../hub.js';
import { inWords, prepareDataFolder } from './data-folder.js';
import { EXIT, EXIT_BY_SIGNAL } from './exit-code.js';
import { Failure } from './failure.js';
import { listenFailure } from './listen-failure.js';
import { readConfigWithPlugins } from './read-config.js';
import { print, type Terminal } from './terminal.js';

export interface StartOptions {
  readonly config?: string;
  readonly listen?: string;
  readonly admin?: string;
  readonly data?: string;
}

/** What a stop may take longer than `limits.stop_timeout`, for what closes behind the doors. */
const STOP_MARGIN_MS = 2_000;

/**
 * `signalbox start`: runs a hub until SIGTERM or SIGINT, then stops it gracefully; a second signal ends the process at once.
 * @returns the exit code
 * @throws ConfigError with every fault, Failure when it cannot listen or use its data folder
 */
export async function start(options: StartOptions, terminal: Terminal): Promise<number> {
  return runHub(options, terminal);
}

/** What a command does beside running a hub. */
export interface BesideHub {
  /** the configuration that the hub is given */
  readonly change?: (config: HubConfig) => HubConfig;
  /** Begins once the hub listens. @returns ends it */
  readonly beside?: (hub: RunningHub, config: HubConfig) => () => void;
}

/** As `start`, with something beside it. */
export async function runHub(
  options: StartOptions,
  terminal: Terminal,
  { change = (config) => config, beside = () => () => {} }: BesideHub = {},
): Promise<number> {
  const { config: file, listen, admin, data } = options;
  const config = change(await readConfigWithPlugins(file, terminal, { listen, admin, data }));
  // A hub that keeps nothing on disk asks for no right to write, unless a folder was named.
  const isNamed = data !== undefined || config.data !== defaultConfig().data;
  if (config.engine !== 'memory' || isNamed) await prepareDataFolder(config.data);
  const stopAsked = stopSignals(terminal);
  const hub = await open(config);
  await print(terminal.stdout, readyLines(hub));
  const end = beside(hub, config);
  await stopAsked;
  end();
  return stop(hub, config.limits.stopTimeoutMs + STOP_MARGIN_MS);
}

/** Resolves at the first signal. From the second on each ends the process. */
function stopSignals(terminal: Terminal): Promise<void> {
  return new Promise((resolve) => {
    let isAsked = false;
    terminal.onSignal((signal) => {
      if (isAsked) terminal.exit(EXIT_BY_SIGNAL[signal]);
      isAsked = true;
      resolve();
    });
  });
}

async function open(config: HubConfig): Promise<RunningHub> {
  // Loaded only now: the other commands need nothing of it.
  const { startHub } = await import('../hub.js');
  try {
    return await inWords(() => startHub(config));
  } catch (error) {
    throw listenFailure(error, config) ?? error;
  }
}

function readyLines({ publicAddress, adminAddress }: RunningHub): string {
  return (
    `Signalbox listens on http://${formatEndpoint(publicAddress)} for devices, publishers and subscribers.\n` +
    `Its admin API is at http://${formatEndpoint(adminAddress)}/admin.\n`
  );
}

async function stop(hub: RunningHub, limitMs: number): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const failure = new Failure(`The hub was not done stopping after ${limitMs / 1000} s; what it held open was cut.`);
    timer = setTimeout(() => reject(failure), limitMs);
  });
  await Promise.race([hub.stop(), late]);
  clearTimeout(timer);
  return EXIT.ok;
}
