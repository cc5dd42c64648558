import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { atBothDoors } from '../../support/both-doors.js';
import { ManualClock } from '../../support/manual-clock.js';
import { startTestHub, type TestHub } from '../../support/start-hub.js';
import { DeviceCalls } from './support.js';

atBothDoors('an event that waits for a command', ({ fastLane }) => {
  let hub: TestHub;
  let clock: ManualClock;
  let device: DeviceCalls;
  beforeEach(async () => {
    clock = new ManualClock();
    hub = await startTestHub({ clock, fastLane });
    device = new DeviceCalls(hub);
  });
  afterEach(() => hub.stop());

  it('is stored at once, and answered with the command that comes of it', async () => {
    const posted = device.post('/events/temperature?wait=20', '{"celsius":31}', { 'Content-Type': 'application/json' });
    const response = await posted;
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ name: 'fan.set', params: { on: true } });
  });

  it('is answered as any event when no command comes in time', async () => {
    const posted = device.post('/events/note', 'x', { Prefer: 'wait=5' });
    await device.parked();
    clock.advance(7_000);
    const response = await posted;
    expect([response.status, await response.json()]).toEqual([202, { position: expect.stringMatching(/^\d+:0$/) }]);
    expect(hub.channels.find('devices/d1/events/note')?.log.length).toBe(1);
  });

  it('acknowledges with its lock, as a poll does', async () => {
    const { id } = await device.send({ name: 'a' });
    const { lock } = await device.take();
    expect((await device.post(`/events/note?wait=0&ack=${lock}`, 'x')).status).toBe(202);
    expect(await device.look(id)).toMatchObject({ state: 'SUCCEEDED' });
  });

  it('is not stored when the poll in it is wrong', async () => {
    expect((await device.post('/events/note?wait=1&max=0', 'x')).status).toBe(400);
    expect(hub.channels.find('devices/d1/events/note')).toBeUndefined();
  });
});
