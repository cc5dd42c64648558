import { parseArgs } from 'node:util';
import { endSpawned } from '../cli/support/spawned.js';
import { type CrashProgress, crashRun } from './crash-run.js';

const HELP = `Kills hubs under load and compares what is left with what was acknowledged.

  npm run test:crash                     # 50 kills
  npm run test:crash -- --kills 500
  npm run test:crash -- --seed 1795421814

It ends with 0 when nothing was wrong, 1 when something was, 2 when it was not understood.
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const options = understood();
  if (options === undefined) return 2;
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { kills, seed } = options;
  process.stdout.write(`${kills} kills; the seed is ${seed}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void endSpawned().then(() => process.exit(1)));
  const outcome = await crashRun({
    kills,
    seed,
    node: ['dist/src/main.js'],
    lifeMs: [200, 1_500],
    tell: progressTo(kills),
  });
  const { made, absent } = outcome.backups;
  process.stdout.write(
    `${outcome.kills} kills, ${outcome.requests} requests, ${made} backups whole and ${absent} absent, ` +
      `${outcome.wrong} things wrong\n${outcome.sentences.map((sentence) => `  ${sentence}\n`).join('')}`,
  );
  return outcome.wrong === 0 ? 0 : 1;
}

function understood(): { kills: number; seed: number; help: boolean } | undefined {
  try {
    const { values } = parseArgs({
      options: { kills: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    const kills = whole(values.kills ?? '50', 'kills');
    const seed = whole(values.seed ?? String(Date.now() % 2 ** 32), 'seed');
    return { kills, seed, help: values.help ?? false };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
    return undefined;
  }
}

function whole(text: string, name: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new Error(`--${name} is "${text}", and must be a whole number.`);
}

/** A line that changes on a terminal; in a log a line for every tenth kill. */
function progressTo(kills: number): (progress: CrashProgress) => void {
  return (progress) => {
    const text = `${progress.kills} of ${kills} kills, ${progress.requests} requests, ${progress.wrong} things wrong`;
    if (process.stdout.isTTY) process.stdout.write(`\r${text}\x1b[K${progress.kills === kills ? '\n' : ''}`);
    else if (progress.kills % 10 === 0) process.stdout.write(`${text}\n`);
  };
}
