import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../../src/commands/queue/command-poll.js';
import { devicesNamed, JobsUnderTest } from './support/made-jobs.js';

const RESULT = { name: 'update', paramsJson: '{"version":7}', options: { ack: 'result' as const } };

describe('A job', () => {
  it('sends its command to each device of its list once, in its order, and is done when all have ended', async () => {
    const world = new JobsUnderTest();
    const id = await world.make({ command: RESULT, devices: ['c', 'a', 'b'] });
    await world.pass(100);
    expect(world.allCommands()).toMatchObject([
      { device: 'c', name: 'update', paramsJson: '{"version":7}', ack: 'result', job: { id, number: 0 } },
      { device: 'a' },
      { device: 'b' },
    ]);
    expect(await world.look(id)).toMatchObject({ state: 'RUNNING', devices: { total: 3, inFlight: 3, waiting: 0 } });
    await world.answer('a', 200);
    await world.answer('b', 500);
    await world.answer('c', 404);
    await world.pass(100);
    expect(await world.look(id)).toMatchObject({
      state: 'DONE',
      devices: { total: 3, inFlight: 0, notSent: 0, succeeded: 1, failed: 1, rejected: 1 },
    });
    const devices = await world.jobs.devices(id, 0, 10);
    expect(devices.map(({ value }) => [value.device, value.state])).toEqual([
      ['c', 'REJECTED'],
      ['a', 'SUCCEEDED'],
      ['b', 'FAILED'],
    ]);
  });

  it('finds its devices by a pattern, by values of attributes and by what these begin with', async () => {
    const world = new JobsUnderTest();
    world.register({
      'fan-1': { site: 'north', version: '1.2.3' },
      'fan-2': { site: 'north', version: '1.10' },
      'fan-3': { site: 'south', version: '1.2' },
      'pump-1': { site: 'north', version: '1.2' },
    });
    const site = { name: 'site', value: 'north', isPrefix: false };
    const version = { name: 'version', value: '1.2', isPrefix: true };
    const found = async (query: object) => {
      const id = await world.make({ query: { attributes: [], ...query } });
      await world.pass(100);
      return (await world.jobs.devices(id, 0, 10)).map(({ value }) => value.device);
    };
    expect(await found({ pattern: 'fan-*' })).toEqual(['fan-1', 'fan-2', 'fan-3']);
    expect(await found({ pattern: '*-1' })).toEqual(['fan-1', 'pump-1']);
    expect(await found({ attributes: [site] })).toEqual(['fan-1', 'fan-2', 'pump-1']);
    expect(await found({ attributes: [version] })).toEqual(['fan-1', 'fan-3', 'pump-1']);
    expect(await found({ pattern: 'fan-*', attributes: [site, version] })).toEqual(['fan-1']);
    expect(await found({ pattern: 'door-*' })).toEqual([]);
  });

  it('is done at once when no device is found', async () => {
    const world = new JobsUnderTest();
    const id = await world.make({ query: { pattern: 'x*', attributes: [] } });
    await world.pass(100);
    expect(await world.look(id)).toMatchObject({ state: 'DONE', devices: { total: 0 } });
  });

  it('sends nothing when more devices are found than a job may have', async () => {
    const world = new JobsUnderTest({ maxJobDevices: 700 });
    world.register(Object.fromEntries(devicesNamed('d', 1_200).map((device) => [device, {}])));
    const id = await world.make({ query: { pattern: 'd*', attributes: [] } });
    await world.pass(100);
    expect(await world.look(id)).toMatchObject({ state: 'CANCELED', cause: 'too_many_devices' });
    expect(world.sentTo()).toEqual([]);
  });

  it('keeps its rate', async () => {
    const world = new JobsUnderTest();
    await world.make({ devices: devicesNamed('d', 40) }, { rate: '10/s' });
    await world.pass(100);
    expect(world.sentTo()).toHaveLength(10);
    await world.pass(900);
    expect(world.sentTo()).toHaveLength(10);
    await world.pass(100);
    expect(world.sentTo()).toHaveLength(20);
    await world.pass(60_000, 10_000);
    expect(world.sentTo()).toHaveLength(40);
  });

  it('goes on at its rate when the clock was set back', async () => {
    const world = new JobsUnderTest();
    await world.make({ devices: devicesNamed('d', 20) }, { rate: '10/m' });
    await world.pass(100);
    world.clock.setWall(world.clock.now() - 3_600_000);
    await world.pass(12_100);
    expect(world.sentTo()).toHaveLength(4);
  });

  it('counts a device whose queue is full as refused, and goes on', async () => {
    const world = new JobsUnderTest({ maxQueued: 1 });
    await world.commands.send('a', 'other', {});
    const id = await world.make({ devices: ['a', 'b'] });
    await world.pass(100);
    expect(await world.look(id)).toMatchObject({ devices: { inFlight: 1, refused: 1 } });
    expect((await world.jobs.devices(id, 0, 1))[0]?.value).toMatchObject({
      state: 'REFUSED',
      error: expect.stringContaining('1 commands (devices.command_buffer_length)'),
    });
  });

  it('counts a device anew whose success comes late, also when the job is over', async () => {
    const world = new JobsUnderTest();
    const id = await world.make({ command: RESULT, devices: ['a'] });
    await world.pass(100);
    const { commands, lock } = (await world.take('a')).delivery as Delivery;
    const command = commands[0]?.id as string;
    await world.commands.report('a', command, { is: 'progress', lock });
    await world.pass(40_000, 1_000);
    expect(await world.look(id)).toMatchObject({ state: 'DONE', devices: { timedOut: 1, succeeded: 0 } });
    await world.commands.report('a', command, { is: 'complete', lock });
    await world.pass(100);
    expect(await world.look(id)).toMatchObject({ state: 'DONE', devices: { timedOut: 0, succeeded: 1 } });
  });

  it('counts the commands of a device that is deleted as canceled', async () => {
    const world = new JobsUnderTest();
    const id = await world.make({ devices: ['a', 'b'] });
    await world.pass(100);
    await world.commands.drop('a');
    await world.pass(100);
    expect(await world.look(id)).toMatchObject({ state: 'RUNNING', devices: { canceled: 1, inFlight: 1 } });
  });
});

describe('Canaries', () => {
  const canary = { devices: 2, withinMs: 60_000 };

  it('are sent their commands first, and the others once all of them ended well', async () => {
    const world = new JobsUnderTest();
    const id = await world.make({ devices: devicesNamed('d', 5) }, { canary });
    await world.pass(5_000);
    expect(world.sentTo()).toHaveLength(2);
    await world.answer('d00000', 200);
    await world.pass(5_000);
    expect(world.sentTo()).toHaveLength(2);
    await world.answer('d00001', 200);
    await world.pass(100);
    expect(world.sentTo()).toHaveLength(5);
    expect(await world.look(id)).toMatchObject({ state: 'RUNNING', stage: 'rollout' });
  });

  it.each([404, 500])('stop the job with the first result of %s', async (status) => {
    const world = new JobsUnderTest();
    const id = await world.make({ devices: devicesNamed('d', 5) }, { canary });
    await world.pass(100);
    await world.answer('d00001', status);
    await world.pass(5_000);
    expect(await world.look(id)).toMatchObject({ state: 'STOPPED', cause: 'canary_failed' });
    // What waits for its device is taken back.
    expect(await world.look(id)).toMatchObject({ devices: { canceled: 1, inFlight: 0, waiting: 3 } });
  });

  it('stop the job when not all of them ended in time, and the time of a pause does not count', async () => {
    const world = new JobsUnderTest();
    const id = await world.make({ devices: devicesNamed('d', 5) }, { canary });
    await world.pass(30_000, 1_000);
    await world.jobs.request(id, 'pause');
    await world.pass(600_000, 10_000);
    await world.jobs.request(id, 'resume');
    await world.pass(59_000, 1_000);
    expect(await world.look(id)).toMatchObject({ state: 'RUNNING' });
    await world.pass(1_000);
    expect(await world.look(id)).toMatchObject({ state: 'STOPPED', cause: 'canary_late' });
  });

  it('are overruled by who resumes the job', async () => {
    const world = new JobsUnderTest();
    const id = await world.make({ devices: devicesNamed('d', 5) }, { canary: { percent: 20, withinMs: 60_000 } });
    await world.pass(100);
    await world.answer('d00000', 500);
    await world.pass(100);
    expect(world.sentTo()).toEqual(['d00000']);
    await world.jobs.request(id, 'resume');
    await world.pass(100);
    expect(world.sentTo()).toHaveLength(5);
  });
});

describe('A job that is to stop on failure', () => {
  it('stops at a number of failures, takes back what waits, and goes on when it is resumed', async () => {
    const world = new JobsUnderTest();
    const id = await world.make({ devices: devicesNamed('d', 30) }, { rate: '10/s', stop: { count: 2, atLeast: 1 } });
    await world.pass(100);
    for (const device of devicesNamed('d', 2)) await world.answer(device, 500);
    await world.pass(10_000);
    expect(await world.look(id)).toMatchObject({
      state: 'STOPPED',
      cause: 'failures',
      devices: { failed: 2, canceled: 8, waiting: 20 },
    });
    await world.jobs.request(id, 'resume');
    await world.pass(100);
    await world.answer('d00010', 500);
    await world.pass(100);
    expect(await world.look(id)).toMatchObject({ state: 'RUNNING', devices: { failed: 3, inFlight: 9 } });
  });

  it('stops at a percentage, once enough devices have ended', async () => {
    const world = new JobsUnderTest();
    const stop = { percent: 50, atLeast: 4 };
    const id = await world.make({ devices: devicesNamed('d', 9) }, { stop });
    await world.pass(100);
    const answer = async (number: number, status: number) => {
      await world.answer(`d0000${number}`, status);
      await world.pass(100);
      return (await world.look(id)).state;
    };
    expect(await answer(0, 500)).toBe('RUNNING');
    expect(await answer(1, 404)).toBe('RUNNING');
    expect(await answer(2, 200)).toBe('RUNNING');
    expect(await answer(3, 200)).toBe('STOPPED');
  });
});

describe('An operator', () => {
  it('pauses and resumes a job; what is sent already is not taken back', async () => {
    const world = new JobsUnderTest();
    const id = await world.make({ devices: devicesNamed('d', 30) }, { rate: '10/s' });
    await world.pass(100);
    expect((await world.jobs.request(id, 'pause')).verdict).toBe('done');
    expect((await world.jobs.request(id, 'pause')).verdict).toBe('repeated');
    await world.pass(10_000);
    expect(await world.look(id)).toMatchObject({ state: 'PAUSED', devices: { inFlight: 10, waiting: 20 } });
    await world.jobs.request(id, 'resume');
    await world.pass(3_000);
    expect(await world.look(id)).toMatchObject({ devices: { inFlight: 30 } });
  });

  it('cancels a job: what waits for its device is taken back, what a device has is not', async () => {
    const world = new JobsUnderTest();
    const id = await world.make({ command: RESULT, devices: devicesNamed('d', 250) }, { rate: '220/s' });
    await world.pass(100);
    await world.answer('d00000', 200);
    await world.take('d00001');
    await world.jobs.request(id, 'cancel');
    await world.pass(500);
    expect(await world.look(id)).toMatchObject({
      state: 'CANCELED',
      devices: { total: 250, notSent: 30, inFlight: 1, canceled: 218, succeeded: 1 },
    });
    expect((await world.jobs.request(id, 'cancel')).verdict).toBe('repeated');
    expect((await world.jobs.request(id, 'resume')).verdict).toBe('conflict');
  });

  it('cancels a job whose process was killed while it sent: only those that have their command are counted', async () => {
    const world = new JobsUnderTest();
    const id = await world.make({ devices: devicesNamed('d', 10) });
    // The looking up, the claim, and four of the ten commands.
    await world.killAfter(6, () => world.pass(100));
    expect(world.sentTo()).toHaveLength(4);
    await world.jobs.request(id, 'cancel');
    await world.pass(500);
    expect(world.sentTo()).toHaveLength(4);
    expect(await world.look(id)).toMatchObject({
      state: 'CANCELED',
      devices: { canceled: 4, notSent: 6, inFlight: 0 },
    });
  });

  it('is refused more jobs that are not over than are allowed', async () => {
    const world = new JobsUnderTest({ maxRunningJobs: 2 });
    const first = await world.make({ devices: ['a'] });
    await world.make({ devices: ['a'] });
    await expect(world.make({ devices: ['a'] })).rejects.toMatchObject({
      code: 'job_limit',
      message: expect.stringContaining('2 jobs are not over'),
    });
    await world.jobs.request(first, 'cancel');
    await world.make({ devices: ['a'] });
  });
});

describe('A job that is paused or stopped', () => {
  it('is canceled when nobody resumes it in time, also over a restart, and takes back what waits', async () => {
    const world = new JobsUnderTest({ jobPauseMs: 60_000 });
    const paused = await world.make({ devices: ['a'] });
    const stopped = await world.make({ devices: ['b', 'c'] }, { canary: { devices: 1, withinMs: 5_000 } });
    await world.pass(200);
    await world.jobs.request(paused, 'pause');
    await world.pass(6_000, 1_000);
    expect(await world.look(stopped)).toMatchObject({ state: 'STOPPED', cause: 'canary_late' });
    await world.killAfter(0);
    await world.pass(50_000, 1_000);
    expect(await world.look(paused)).toMatchObject({ state: 'PAUSED' });
    await world.pass(10_000, 1_000);
    expect(await world.look(paused)).toMatchObject({ state: 'CANCELED', cause: 'abandoned', devices: { canceled: 1 } });
    expect(await world.look(stopped)).toMatchObject({ state: 'CANCELED', cause: 'abandoned' });
  });

  it('has its time anew after it was resumed', async () => {
    const world = new JobsUnderTest({ jobPauseMs: 60_000 });
    const id = await world.make({ devices: ['a'] });
    for (const request of ['pause', 'resume', 'pause'] as const) {
      await world.jobs.request(id, request);
      await world.pass(40_000, 1_000);
    }
    expect(await world.look(id)).toMatchObject({ state: 'PAUSED' });
  });
});

describe('A job that is over', () => {
  it('can be deleted with all its records, once it has taken back what waits', async () => {
    const world = new JobsUnderTest();
    const id = await world.make({ devices: devicesNamed('d', 3) });
    await world.pass(100);
    await expect(world.jobs.remove(id)).rejects.toMatchObject({ code: 'job_conflict' });
    await world.jobs.request(id, 'cancel');
    await expect(world.jobs.remove(id)).rejects.toThrow('still takes back commands');
    await world.pass(200);
    await world.jobs.remove(id);
    await expect(world.jobs.remove(id)).rejects.toMatchObject({ code: 'job_not_found' });
    await world.pass(200);
    for (const table of ['jobs', 'job-states', 'job-devices', 'job-lists', 'job-news']) {
      expect(world.engine.table(table).range({ limit: 10 })).toEqual([]);
    }
    expect(world.jobs.figures).toEqual({ running: 0, paused: 0, stopped: 0, over: 0, devicesWaiting: 0 });
  });

  it('is forgotten after the time that commands are kept, with all its records', async () => {
    const world = new JobsUnderTest({ retentionMs: 60_000 });
    const id = await world.make({ devices: devicesNamed('d', 3) });
    await world.pass(100);
    await world.jobs.request(id, 'cancel');
    await world.pass(59_000, 1_000);
    expect(await world.look(id)).toMatchObject({ state: 'CANCELED' });
    await world.pass(2_000);
    await expect(world.look(id)).rejects.toMatchObject({ code: 'job_not_found' });
    for (const table of ['jobs', 'job-states', 'job-devices', 'job-lists', 'job-news']) {
      expect(world.engine.table(table).range({ limit: 10 })).toEqual([]);
    }
  });

  it('is forgotten before its time when there are too many, the oldest first', async () => {
    const world = new JobsUnderTest({ maxJobs: 2 });
    const none = { query: { pattern: 'none', attributes: [] } };
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) {
      ids.push(await world.make(none));
      await world.pass(100);
    }
    await world.pass(500);
    const kept = await world.jobs.list({ limit: 10 });
    expect(kept.map(({ plan }) => plan.id)).toEqual([ids[3], ids[2]]);
  });
});
