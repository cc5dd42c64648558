import { MessagePort, parentPort } from 'node:worker_threads';
import { type DeviceEvent, LogicServer, OnEvent, type Turn } from 'signalbox/plugin';

const kept: unknown[] = [];

/** Fails in one of the ways in which a plugin can, as the event says; to be run in a worker. */
@LogicServer({
  name: 'faulty',
  version: '1.0.0',
  grants: { command: [{ device: '#', names: ['*'] }], publish: ['#'] },
  run: { isolation: 'worker', timeout: '3s', retry: { times: 0 } },
})
export default class Faulty {
  @OnEvent('devices/+/events/fine')
  fine({ device, data }: DeviceEvent<unknown>, turn: Turn) {
    turn.command(device, 'done', data);
  }

  @OnEvent('devices/+/events/exit')
  exit() {
    process.exit(3);
  }

  @OnEvent('devices/+/events/loop')
  loop() {
    for (;;);
  }

  @OnEvent('devices/+/events/loop-late')
  async loopLate() {
    // Nearly all of its time is over before it is stuck.
    await new Promise((resolve) => setTimeout(resolve, 2_700));
    for (;;) await undefined;
  }

  @OnEvent('devices/+/events/leak')
  leak() {
    for (;;) kept.push({ leaked: true, text: `item ${kept.length}` });
  }

  @OnEvent('devices/+/events/buffers')
  buffer() {
    for (let i = 0; i < 30; i++) kept.push(Buffer.alloc(10 * 2 ** 20, 1));
  }

  @OnEvent('devices/+/events/reject')
  reject() {
    setImmediate(() => Promise.reject(new Error('rejected later')));
    setImmediate(() => {
      throw new Error('thrown later');
    });
  }

  @OnEvent('devices/+/events/post')
  post(_: DeviceEvent<unknown>, turn: Turn) {
    turn.publish('big', Buffer.alloc(100 * 2 ** 20));
  }

  @OnEvent('devices/+/events/stray')
  stray() {
    parentPort?.postMessage(Buffer.alloc(100 * 2 ** 20));
  }

  @OnEvent('devices/+/events/forged')
  forged() {
    MessagePort.prototype.postMessage.call(parentPort, [{ type: 'ready' }], []);
  }

  @OnEvent('devices/+/events/flood')
  flood() {
    MessagePort.prototype.postMessage.call(parentPort, Buffer.alloc(100 * 2 ** 20), []);
  }

  @OnEvent('devices/+/events/hang')
  hang() {
    return new Promise(() => {});
  }
}
