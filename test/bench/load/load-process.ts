/**
 * The load generator's process: opens connections, gives load and checks every answer, one step at a time as the bench asks
 * for. A fault anywhere, in any callback, ends it; the sentence goes to the bench.
 */
import { Latencies } from '../measure/latencies.js';
import { openScenario } from '../scenarios/open-scenario.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { DriveResult, FromLoad, LoadJob, ToLoad } from './load-job.js';

let job: LoadJob | undefined;
let scenario: Scenario | undefined;

process.on('message', (message: ToLoad) => void take(message));
process.on('disconnect', () => process.exit(0));
process.on('uncaughtException', fail);

async function take(message: ToLoad): Promise<void> {
  try {
    if (message.step === 'open') {
      job = message.job;
      scenario = await openScenario(job);
      await scenario.warmUp(job.warmUp);
      tell({ done: 'open' });
    } else if (!scenario || !job) {
      throw new Error(`The step "${message.step}" came before "open".`);
    } else if (message.step === 'drive') {
      tell({ done: 'drive', result: await drive(scenario, job) });
    } else {
      await scenario.verify();
      scenario.close();
      tell({ done: 'verify' });
    }
  } catch (error) {
    fail(error as Error);
  }
}

async function drive(driven: Scenario, { bounds }: LoadJob): Promise<DriveResult> {
  const latencies = new Latencies();
  const start = performance.now();
  const deliveries = await driven.drive(bounds, latencies);
  return { deliveries, seconds: (performance.now() - start) / 1000, latency: latencies.summary() };
}

function tell(message: FromLoad): void {
  process.send?.(message);
}

function fail(error: Error): void {
  const fault = error.name === 'BenchFault' ? error.message : (error.stack ?? error.message);
  process.send?.({ fault } satisfies FromLoad, () => process.exit(1));
}
