import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Pace, paceOf } from '../../../src/commands/jobs/pace.js';
import type { JobLimits } from '../../../src/commands/jobs/plan.js';
import { endedOf, inFlightOf } from '../../../src/commands/jobs/progress.js';
import { type Command, hasEnded } from '../../../src/commands/life/command.js';
import { devicesNamed, JobsUnderTest } from './support/made-jobs.js';

/** What may happen to a job, in any order. */
type Action =
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'answer'; readonly device: number; readonly status: number }
  | { readonly do: 'take'; readonly device: number }
  | { readonly do: 'ask'; readonly asked: 'pause' | 'resume' | 'cancel' }
  | { readonly do: 'kill'; readonly afterCommits: number; readonly ms: number };

const DEVICES = 30;
const device = fc.nat(DEVICES - 1);
const actions: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(100, 700, 3_000) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('answer' as const), device, status: fc.constantFrom(200, 200, 200, 500) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('take' as const), device }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      asked: fc.constantFrom('pause' as const, 'resume' as const, 'resume' as const, 'cancel' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('kill' as const),
      afterCommits: fc.nat(25),
      ms: fc.constantFrom(0, 100, 2_000),
    }),
  },
);

const limits: fc.Arbitrary<Partial<JobLimits> & { rate: string }> = fc.record(
  {
    rate: fc.constantFrom('5/s', '100/s', '90/m'),
    canary: fc.record({ devices: fc.integer({ min: 1, max: 5 }), withinMs: fc.constant(10_000) }),
    stop: fc.record({ count: fc.integer({ min: 1, max: 4 }), atLeast: fc.constant(1) }),
  },
  { requiredKeys: ['rate'] },
);

async function carryOut(world: JobsUnderTest, job: string, action: Action): Promise<void> {
  switch (action.do) {
    case 'pass':
      return world.pass(action.ms);
    case 'answer':
      await world.answer(nameOf(action.device), action.status);
      return;
    case 'take':
      await world.take(nameOf(action.device));
      return;
    case 'ask':
      await world.jobs.request(job, action.asked);
      return;
    case 'kill':
      return world.killAfter(action.afterCommits, () => world.pass(action.ms));
  }
}

function nameOf(number: number): string {
  return devicesNamed('d', DEVICES)[number] as string;
}

describe('Whatever happens, and wherever the process is killed', () => {
  const steps = fc.array(actions, { minLength: 5, maxLength: 40 });

  it('no device gets two commands, no rate is exceeded, canaries and stops hold, and every end is counted once', async () => {
    await fc.assert(
      fc.asyncProperty(limits, fc.boolean(), steps, async (asked, isListed, happens) => {
        const world = new JobsUnderTest();
        const names = devicesNamed('d', DEVICES);
        world.register(Object.fromEntries(names.map((name) => [name, {}])));
        const id = await world.make(
          isListed ? { devices: names } : { query: { pattern: 'd*', attributes: [] } },
          asked,
        );
        for (const action of happens) {
          const before = await world.jobs.find(id);
          const sentBefore = world.sentTo().length;
          await carryOut(world, id, action);
          const sent = world.sentTo().length;
          if (action.do !== 'ask' && before.progress.state.is !== 'RUNNING') expect(sent).toBe(sentBefore);
          const { progress } = await world.jobs.find(id);
          if (asked.canary && progress.stage !== 'rollout') expect(sent).toBeLessThanOrEqual(canariesIn(asked));
        }
        await world.killAfter(0);
        await world.pass(2_000);
        expect(new Set(world.sentTo()).size).toBe(world.sentTo().length);
        expectPace(world.allCommands(), paceOf(asked.rate));
        await expectAllCounted(world, id);
      }),
      { numRuns: 150 },
    );
  });

  it('a job that is left alone comes to its end', async () => {
    const kills = fc.array(fc.nat(60), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(kills, async (afterCommits) => {
        const world = new JobsUnderTest();
        const names = devicesNamed('d', DEVICES);
        const id = await world.make({ devices: names });
        const live = async () => {
          await world.pass(300);
          for (const name of names) await world.answer(name, 200).catch(() => {});
          await world.pass(1_100);
        };
        for (const commits of afterCommits) await world.killAfter(commits, live);
        // What was handed out when the process was killed is given again.
        for (let i = 0; i < 4; i++) {
          await live();
          await world.pass(61_000, 1_000);
        }
        expect(await world.look(id)).toMatchObject({ state: 'DONE', devices: { succeeded: DEVICES } });
        expect(world.sentTo()).toHaveLength(DEVICES);
      }),
      { numRuns: 40 },
    );
  });
});

function canariesIn({ canary }: Partial<JobLimits>): number {
  return canary && 'devices' in canary ? canary.devices : 0;
}

/** No stretch of a batch's length has more commands than a batch. */
function expectPace(commands: readonly Command[], { count, everyMs }: Pace): void {
  const times = commands.map(({ createdAt }) => createdAt);
  for (const from of times) {
    expect(times.filter((at) => at >= from && at < from + everyMs).length).toBeLessThanOrEqual(count);
  }
}

async function expectAllCounted(world: JobsUnderTest, id: string): Promise<void> {
  const { progress } = await world.jobs.find(id);
  const commands = world.allCommands();
  const ended = commands.filter(({ state }) => hasEnded(state));
  const isSettled = progress.next === progress.claimed;
  if (isSettled)
    expect([progress.handled, inFlightOf(progress)]).toEqual([commands.length, commands.length - ended.length]);
  expect(endedOf(progress)).toBe(ended.length);
  for (const { value } of await world.jobs.devices(id, 0, DEVICES)) {
    const command = commands.find((sent) => sent.device === value.device);
    const state = command && (hasEnded(command.state) ? command.state.is : 'SENT');
    expect([value.command, value.state]).toEqual([command?.id, state ?? 'WAITING']);
  }
}
