import { fileURLToPath } from 'node:url';
import { BenchFault } from '../bench-fault.js';
import { OwnProcess } from '../own-process.js';
import type { DriveResult, FromLoad, LoadJob, LoadStep, ToLoad } from './load-job.js';

const PROGRAM = fileURLToPath(new URL('./load-process.js', import.meta.url));
/** What a step may take besides the seconds that the turn gives load for. */
const STEP_SPARE_MS = 60_000;

/** The load generator as the bench sees it: a process of its own, so that measuring does not slow it. */
export class Load {
  private constructor(
    private readonly process: OwnProcess,
    private readonly job: LoadJob,
  ) {}

  static async start(job: LoadJob): Promise<Load> {
    return new Load(await OwnProcess.start('The load generator', process.execPath, [PROGRAM], true), job);
  }

  /** Opens the connections and warms the server up. @throws BenchFault with the load's own sentence, as all steps do */
  async open(): Promise<void> {
    await this.step({ step: 'open', job: this.job });
  }

  /** Gives the load that is measured. */
  async drive(): Promise<DriveResult> {
    const { result } = await this.step({ step: 'drive' });
    if (!result) throw new BenchFault('The load generator gave no result.');
    return result;
  }

  /** Checks what can only be checked afterwards: that nothing is missing, and nothing came twice. */
  async verify(): Promise<void> {
    await this.step({ step: 'verify' });
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }

  private step(message: ToLoad): Promise<{ done: LoadStep; result?: DriveResult }> {
    const { child } = this.process;
    return new Promise((resolve, reject) => {
      const limitMs = this.job.bounds.seconds * 1000 + STEP_SPARE_MS;
      const late = () =>
        settle(() => reject(this.process.fault(`did not end "${message.step}" in ${limitMs / 1000} s`)));
      const timer = setTimeout(late, limitMs);
      const settle = (end: () => void) => {
        clearTimeout(timer);
        child.off('message', told).off('exit', ended);
        end();
      };
      const told = (answer: FromLoad) =>
        settle(() => ('fault' in answer ? reject(new BenchFault(answer.fault)) : resolve(answer)));
      const ended = () => settle(() => reject(this.process.fault(`ended during "${message.step}"`)));
      child.on('message', told).on('exit', ended);
      child.send(message);
    });
  }
}
