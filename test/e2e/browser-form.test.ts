import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { channelKey } from '../../src/channels/channel-key.js';
import { needs, pathOf } from '../support/requirements.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';

const executablePath = pathOf('chromium');
const itBrowses = needs('chromium');

/** Without a sandbox, for tests run as root in containers; and with nothing that reaches for another machine. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let hub: TestHub;
let browser: Browser | undefined;

beforeAll(async () => {
  // Each launch has a profile of its own, which goes with it.
  if (executablePath) browser = await chromium.launch({ executablePath, args: ARGUMENTS, headless: true });
}, 60_000);

afterAll(async () => {
  await browser?.close();
});

beforeEach(async () => {
  hub = await startTestHub();
});

afterEach(async () => {
  await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
  await hub.stop();
});

/** Opens the form and notes what the browser complains about. */
async function openForm(javaScriptEnabled: boolean): Promise<{ page: Page; complaints: string[] }> {
  const context = await (browser as Browser).newContext({ javaScriptEnabled });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${hub.url}/examples/form`);
  return { page, complaints };
}

/** A subscriber's open request for the next message of a channel. */
async function longPoll(channel: string): Promise<{ type: string | null; body: string }> {
  const response = await fetch(`${hub.url}/sub?id=${channel}`, {
    headers: { 'If-Modified-Since': 'Fri, 31 Dec 9999 23:59:59 GMT' },
  });
  return { type: response.headers.get('content-type'), body: await response.text() };
}

/** Waits until a subscriber waits on the channel, so that what is published next is delivered to an open poll. */
async function somebodyWaitsOn(channel: string): Promise<void> {
  const isWaiting = () => hub.channels.find(channelKey('', channel))?.polls.size || hub.commands.polls;
  while (!isWaiting()) await setImmediate();
}

describe('the form in a browser', () => {
  itBrowses('with JavaScript: publishes the text alone, stays on the page and shows the answer', async () => {
    const { page, complaints } = await openForm(true);
    const received = longPoll('demo');
    await somebodyWaitsOn('demo');
    await page.getByLabel('Message').fill('größer & "anders"\nzweite Zeile + 100 %');
    await page.getByRole('button', { name: 'Publish' }).click();
    expect(await received).toEqual({
      type: 'text/plain;charset=UTF-8',
      body: 'größer & "anders"\nzweite Zeile + 100 %',
    });
    await page.getByText('Published; a subscriber was waiting for it.').waitFor();
    expect(await page.locator('output').textContent()).toContain('queued messages: 1');
    expect([page.url(), await page.getByLabel('Message').inputValue()]).toEqual([`${hub.url}/examples/form`, '']);
    expect(complaints).toEqual([]);
  });

  itBrowses('with JavaScript: publishes to the channel that is chosen, by its id as it is written', async () => {
    const { page } = await openForm(true);
    const received = longPoll('devices/fan-1/commands');
    await somebodyWaitsOn('devices/fan-1/commands');
    await page.getByLabel('Channel').fill('devices/fan-1/commands');
    await page.getByLabel('Message').fill('{"name":"fan.set"}');
    await page.getByRole('button', { name: 'Publish' }).click();
    expect((await received).body).toBe('{"name":"fan.set"}');
  });

  itBrowses('with JavaScript: says so when the hub refuses', async () => {
    const { page } = await openForm(true);
    await page.getByLabel('Message').fill('x'.repeat(1024 * 1024 + 1));
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Not published: the hub answered 413.').waitFor();
  });

  itBrowses('without JavaScript: posts the form, and shows the state of the channel', async () => {
    const { page, complaints } = await openForm(false);
    const received = longPoll('demo');
    await somebodyWaitsOn('demo');
    expect(await page.getByLabel('Channel').isVisible()).toBe(false);
    expect(complaints).toEqual([]);
    await page.getByLabel('Message').fill('größer & "anders"\nzweite Zeile + 100 %');
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.getByRole('button', { name: 'Publish' }).click();
    expect(await received).toEqual({
      type: 'text/plain',
      body: 'message=größer & "anders"\r\nzweite Zeile + 100 %\r\n',
    });
    expect((await answered).status()).toBe(201);
    await page.waitForURL(`${hub.url}/pub?id=demo`);
    expect(await page.locator('messages').textContent()).toBe('1');
  });
});
