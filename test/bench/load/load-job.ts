import type { LatencySummary } from '../measure/latencies.js';
import type { ScenarioName, Target } from '../peers/peer.js';
import type { LoadBounds } from './budget.js';

/** What the load process shall do in one turn. */
export interface LoadJob {
  readonly scenario: ScenarioName;
  readonly target: Target;
  /** subscribers; for `publish`, publishers */
  readonly connections: number;
  readonly bodyBytes: number;
  /** messages a second; undefined: as fast as they are answered */
  readonly rate: number | undefined;
  readonly warmUp: LoadBounds;
  readonly bounds: LoadBounds;
}

/** What the measured part of a turn gave. */
export interface DriveResult {
  /** messages that reached whom they were for; for `publish`, messages taken; for `park`, polls opened */
  readonly deliveries: number;
  readonly seconds: number;
  readonly latency: LatencySummary | undefined;
}

/** The parts of a turn, in order. Between them the server is left alone and measured. */
export const loadSteps = ['open', 'drive', 'verify'] as const;
export type LoadStep = (typeof loadSteps)[number];

export type ToLoad = { readonly step: 'open'; readonly job: LoadJob } | { readonly step: 'drive' | 'verify' };
export type FromLoad =
  | { readonly done: LoadStep; readonly result?: DriveResult }
  /** why the run ends here, as a sentence */
  | { readonly fault: string };
