import type { LoadJob } from '../load/load-job.js';
import { CatchUp } from './catch-up.js';
import { openCommands } from './commands.js';
import { openControlLoop } from './control-loop.js';
import { Drain } from './drain.js';
import { Fanout } from './fanout.js';
import { Park } from './park.js';
import { Publish } from './publish.js';
import { openRoundtrip } from './roundtrip.js';
import type { Scenario } from './scenario.js';
import { Turns } from './turns.js';

/** Opens the connections of a job's scenario and parks its polls. */
export function openScenario(job: LoadJob): Promise<Scenario> {
  switch (job.scenario) {
    case 'fanout':
      return Fanout.open(job);
    case 'roundtrip':
      return openRoundtrip(job);
    case 'park':
      return Park.open(job);
    case 'publish':
      return Publish.open(job);
    case 'drain':
      return Drain.open(job);
    case 'control-loop':
      return openControlLoop(job);
    case 'commands':
      return openCommands(job);
    case 'turns':
      return Turns.open(job);
    case 'catch-up':
      return CatchUp.open(job);
  }
}
