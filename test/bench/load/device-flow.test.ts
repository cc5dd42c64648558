import { describe, expect, it } from '@jest/globals';
import { Latencies } from '../measure/latencies.js';
import { DeviceFlow, FLOW_WINDOW, FlowDevice } from './device-flow.js';

function flowOver(count: number) {
  const sent: FlowDevice[] = [];
  const devices = Array.from({ length: count }, (_, index) => new FlowDevice(index));
  const flow = new DeviceFlow(devices, (device) => sent.push(device));
  return { flow, sent };
}

describe('A flow of messages to devices', () => {
  it('has a bounded number under way, and none for a device that still waits for its last', () => {
    const { flow, sent } = flowOver(100);
    void flow.drive({ messages: 1000, seconds: 60 }, new Latencies());
    expect(new Set(sent).size).toBe(FLOW_WINDOW);
    expect(sent).toHaveLength(FLOW_WINDOW);
    const first = sent[0] as FlowDevice;
    flow.posted(first);
    expect(sent).toHaveLength(FLOW_WINDOW);
    flow.arrived(first);
    expect(sent).toHaveLength(FLOW_WINDOW + 1);
    // Let the drive end, so that its watch ends with it.
    finish(flow, sent, 1000);
  });

  it('ends when everything sent has arrived, and counts it', async () => {
    const { flow, sent } = flowOver(3);
    const latencies = new Latencies();
    const driven = flow.drive({ messages: 10, seconds: 60 }, latencies);
    finish(flow, sent, 10);
    expect(await driven).toBe(10);
    expect(latencies.summary()).toBeDefined();
  });

  it('sends at its rate', async () => {
    const { flow, sent } = flowOver(3);
    const driven = flow.drive({ messages: 3, seconds: 60 }, new Latencies(), 10_000);
    expect(sent).toEqual([]);
    while (sent.length < 3) await new Promise(setImmediate);
    finish(flow, sent, 3);
    expect(await driven).toBe(3);
  });
});

/** Answers what is under way, and what follows from it, up to `total` messages. */
function finish(flow: DeviceFlow, sent: readonly FlowDevice[], total: number): void {
  for (let i = 0; i < total; i++) {
    const device = sent[i] as FlowDevice;
    if (device.outstanding === 0) continue;
    flow.arrived(device);
    flow.posted(device);
  }
}
