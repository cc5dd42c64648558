import { expect } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import type { TestHub } from '../../support/start-hub.js';

// biome-ignore lint/suspicious/noExplicitAny: what devices and producers read is JSON of its own
export type Json = any;

/** What a device and its producer do over HTTP. */
export class DeviceCalls {
  constructor(
    readonly hub: TestHub,
    readonly device = 'd1',
  ) {}

  url(path: string): string {
    return `${this.hub.url}/v1/devices/${this.device}${path}`;
  }

  /** Sends a command, which is taken. */
  async send(command: object, headers: Record<string, string> = {}): Promise<Json> {
    const response = await fetch(this.url('/commands'), { method: 'POST', headers, body: JSON.stringify(command) });
    expect(response.status).toBe(202);
    return response.json();
  }

  /** Polls without waiting. @param query more of it, beginning with `&` */
  poll(query = '', init: RequestInit = {}): Promise<Response> {
    return fetch(this.url(`/commands?wait=0${query}`), init);
  }

  /** Polls for a command that is there. */
  async take(query = '', init: RequestInit = {}): Promise<Json> {
    const response = await this.poll(query, init);
    expect(response.status).toBe(200);
    return response.json();
  }

  /** The command as its producer sees it. */
  async look(id: string): Promise<Json> {
    return (await fetch(this.url(`/commands/${id}`))).json();
  }

  post(path: string, body?: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url(path), { method: 'POST', headers, ...(body !== undefined && { body }) });
  }

  /** Waits until as many polls wait. */
  async parked(count = 1): Promise<void> {
    await eventually(`${count} polls wait`, () => this.hub.commands.polls === count);
  }
}
