import {
  type CommandOutcome,
  type DeviceEvent,
  LogicServer,
  OnEvent,
  OnOutcome,
  OnTimer,
  type StateEntries,
  type Timer,
  type Turn,
} from 'signalbox/plugin';
import { FleetRolloutConfig } from './fleet-rollout-config.js';
import {
  type DeviceEnd,
  endOf,
  failuresAllowed,
  minutesToSend,
  NO_ENDS,
  type Rollout,
  RolloutOrder,
  verdictOn,
  wavesOf,
} from './rollout.js';

/** What is rolled out. Handlers and grants name it, so another one is another plugin. */
const COMMAND = 'firmware.update';
/** Ids in one entry of the state, which takes 64 KiB: an id has 128 characters at most. */
const IDS_AN_ENTRY = 400;
const ENTRY_DIGITS = 4;

/** How the last rollout ended on a device: its outcome may come twice. */
interface Told {
  readonly job: string;
  readonly end: DeviceEnd;
}

/**
 * Rolls a command out to a fleet in waves, each a job of its own, and stops at failures. Everything it knows is in the hub's
 * state and timers, so that a rollout goes on after a restart where it was.
 */
@LogicServer({
  name: 'fleet-rollout',
  version: '1.0.0',
  config: FleetRolloutConfig,
  grants: { jobs: [{ devices: '*', names: [COMMAND] }], publish: ['rollouts/+'], state: '64m' },
  // All outcomes of a wave change one record: one after the other they do not get in each other's way.
  run: { key: 'all' },
})
export class FleetRollout {
  constructor(private readonly config: FleetRolloutConfig) {}

  /** Begins one; it goes by the id of whoever posts the event. */
  @OnEvent('devices/+/events/rollout', RolloutOrder)
  async begin({ device: name, data }: DeviceEvent<RolloutOrder>, turn: Turn) {
    const kept = turn.state.for(name);
    const before = await kept.get<Rollout>('rollout');
    if (before?.state === 'running') return turn.skip('it is under way');
    const waves = wavesOf(data.devices, this.config.waves);
    for (const [index, devices] of waves.entries()) keepWave(kept, index + 1, devices);
    const rollout = { state: 'running', params: data.params ?? {}, waves: waves.length } as const;
    await this.startWave(turn, name, { ...rollout, wave: 1, job: '', size: 0, ends: NO_ENDS });
  }

  /** Stops one by hand. */
  @OnEvent('devices/+/events/rollout-stop')
  async stop({ device: name }: DeviceEvent<unknown>, turn: Turn) {
    const rollout = await running(turn, name);
    if (!rollout) return turn.skip('it is not under way');
    await this.end(turn, name, { ...rollout, state: 'stopped', reason: 'somebody stopped it' });
  }

  @OnOutcome(COMMAND)
  async told(outcome: CommandOutcome, turn: Turn) {
    const { job = '', device } = outcome;
    const name = await turn.state.global.get<string>(`job/${job}`);
    const rollout = name === undefined ? undefined : await running(turn, name);
    if (name === undefined || rollout?.job !== job) return turn.skip('it is of no wave that is under way');
    const kept = turn.state.for(device);
    const before = await kept.get<Told>('told');
    const end = endOf(outcome);
    kept.set('told', { job, end } satisfies Told);
    const ends = { ...rollout.ends, [end]: rollout.ends[end] + 1 };
    if (before?.job === job) ends[before.end]--;
    await this.judge(turn, name, { ...rollout, ends });
  }

  /** Whoever has told nothing by now has failed. */
  @OnTimer('wave-over')
  async timeIsOver({ key: name }: Timer, turn: Turn) {
    const rollout = await running(turn, name);
    if (!rollout) return turn.skip('it is not under way');
    const { size, ends } = rollout;
    const untold = size - ends.succeeded - ends.failed - ends.missed;
    await this.judge(turn, name, { ...rollout, ends: { ...ends, failed: ends.failed + untold } });
  }

  @OnTimer('next-wave')
  async goOn({ key: name }: Timer, turn: Turn) {
    const rollout = await running(turn, name);
    if (!rollout) return turn.skip('it is not under way');
    await this.startWave(turn, name, { ...rollout, wave: rollout.wave + 1, ends: NO_ENDS });
  }

  private async startWave(turn: Turn, name: string, rollout: Rollout): Promise<void> {
    const { rate, waveMinutes, maxFailedPercent } = this.config;
    const kept = turn.state.for(name);
    const devices = await takeWave(kept, rollout.wave);
    const time = `${waveMinutes}m`;
    const job = turn.startJob(devices, COMMAND, rollout.params, {
      ...{ rate, ack: 'result', ttl: time, timeout: time },
      stopOnFailure: { count: failuresAllowed(devices.length, maxFailedPercent) + 1 },
    });
    turn.state.global.set(`job/${job}`, name);
    // A minute more than the last device has: its end is told by then.
    turn.timers.set('wave-over', `${waveMinutes + minutesToSend(devices.length, rate) + 1}m`, name);
    const started = { ...rollout, job, size: devices.length };
    kept.set('rollout', started);
    tell(turn, name, started);
  }

  private async judge(turn: Turn, name: string, rollout: Rollout): Promise<void> {
    const verdict = verdictOn(rollout, this.config.maxFailedPercent);
    if (verdict === undefined) return turn.state.for(name).set('rollout', rollout);
    if (verdict !== 'next') return this.end(turn, name, { ...rollout, state: 'stopped', reason: verdict.stop });
    if (rollout.wave === rollout.waves) return this.end(turn, name, { ...rollout, state: 'done' });
    turn.timers.cancel('wave-over', name);
    turn.timers.set('next-wave', `${this.config.pauseMinutes}m`, name);
    turn.state.global.delete(`job/${rollout.job}`);
    turn.state.for(name).set('rollout', rollout);
    tell(turn, name, rollout);
  }

  private async end(turn: Turn, name: string, rollout: Rollout): Promise<void> {
    const kept = turn.state.for(name);
    for (const timer of ['wave-over', 'next-wave']) turn.timers.cancel(timer, name);
    for (const entry of await kept.list('wave/')) kept.delete(entry.name);
    if (rollout.state === 'stopped') turn.cancelJob(rollout.job);
    turn.state.global.delete(`job/${rollout.job}`);
    kept.set('rollout', rollout);
    tell(turn, name, rollout);
  }
}

async function running(turn: Turn, name: string): Promise<Rollout | undefined> {
  const rollout = await turn.state.for(name).get<Rollout>('rollout');
  return rollout?.state === 'running' ? rollout : undefined;
}

function keepWave(kept: StateEntries, wave: number, devices: readonly string[]): void {
  for (let i = 0; i * IDS_AN_ENTRY < devices.length; i++) {
    const entry = `${waveEntries(wave)}${String(i).padStart(ENTRY_DIGITS, '0')}`;
    kept.set(entry, devices.slice(i * IDS_AN_ENTRY, (i + 1) * IDS_AN_ENTRY));
  }
}

/** Reads a wave's devices, and lets go of them: the job has them from now on. */
async function takeWave(kept: StateEntries, wave: number): Promise<readonly string[]> {
  const entries = await kept.list<string[]>(waveEntries(wave));
  for (const { name } of entries) kept.delete(name);
  return entries.flatMap(({ value }) => value);
}

function waveEntries(wave: number): string {
  return `wave/${wave}/`;
}

/** The last message says how far it is, whoever comes late. */
function tell(turn: Turn, rollout: string, { params: _, ...how }: Rollout): void {
  turn.publish(`rollouts/${rollout}`, { rollout, ...how });
}
