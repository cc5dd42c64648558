import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { message, ScriptedHub } from '../cli/support/scripted-hub.js';
import { endSpawned, Spawned } from '../cli/support/spawned.js';
import { needs } from '../support/requirements.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';

const ARTICLE = 'docs/examples/article';

let hub: TestHub | undefined;
afterEach(async () => {
  await endSpawned();
  await hub?.stop();
  hub = undefined;
});

function post(channel: string, body: string): Promise<Response> {
  return fetch(`${hub?.url}/pub?id=${channel}`, { method: 'POST', body });
}

describe('the subscriber in Python', () => {
  const itRuns = needs('python3');

  itRuns('prints what is stored, then each message as it comes, and ends after as many as it was told', async () => {
    hub = await startTestHub();
    await post('news', 'stored before');
    const subscriber = new Spawned('python3', [`${ARTICLE}/subscriber.py`, '--count', '3', `${hub.url}/sub?id=news`]);
    await subscriber.shown('stored before\n');
    await post('news', 'größer\nals eine Zeile');
    await subscriber.shown('als eine Zeile\n');
    await post('news', 'last');
    expect(await subscriber.exit).toEqual({ code: 0, signal: null });
    expect(subscriber.out).toBe('stored before\ngrößer\nals eine Zeile\nlast\n');
    expect(subscriber.err).toBe('');
  });

  itRuns('begins with empty conditions, keeps them when nothing came, and then returns what it was given', async () => {
    const scripted = new ScriptedHub([{ status: 304 }, message(1795421814, 2, 'a'), message(1795421815, 0, 'b')]);
    const url = await scripted.listen();
    const subscriber = new Spawned('python3', [`${ARTICLE}/subscriber.py`, '--count', '2', url]);
    await subscriber.exit;
    await scripted.close();
    expect(subscriber.out).toBe('a\nb\n');
    expect(scripted.requests.map(({ headers }) => [headers['if-modified-since'], headers['if-none-match']])).toEqual([
      ['', ''],
      ['', ''],
      ['Mon, 23 Nov 2026 08:16:54 GMT', '2'],
    ]);
  });
});

describe('the control loop in shell', () => {
  needs('sh', 'curl')('reports a temperature and is told what to do about it, twice', async () => {
    hub = await startTestHub();
    const env = { HUB: hub.url, DEVICE: 'fan-7' };
    const device = new Spawned('sh', [`${ARTICLE}/control-loop.sh`], { env });
    expect(await device.exit).toEqual({ code: 0, signal: null });
    expect(device.err).toBe('');
    const [hot, on, cool, off, ...rest] = device.out.split('\n');
    expect([hot, cool, rest]).toEqual(['fan-7 reports 31.5 degrees', 'fan-7 reports 27 degrees', ['']]);
    expect(commandIn(on)).toEqual({ id: expect.any(String), name: 'fan.set', params: { on: true } });
    expect(commandIn(off)).toEqual({ id: expect.any(String), name: 'fan.set', params: { on: false } });
  });

  it('has no more than ten lines of code', async () => {
    const script = await readFile(`${ARTICLE}/control-loop.sh`, 'utf8');
    const lines = script.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines.length).toBeLessThanOrEqual(10);
  });
});

function commandIn(line: string | undefined): unknown {
  return JSON.parse(line?.replace('fan-7 is told ', '') ?? '');
}

describe('the page /examples/form', () => {
  it('is the form of the article, for this origin only', async () => {
    hub = await startTestHub();
    const response = await fetch(`${hub.url}/examples/form`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-\S+'; script-src 'sha256-/,
    );
    expect(await response.text()).toBe(await readFile(`${ARTICLE}/form.html`, 'utf8'));
  });

  it('answers HEAD with the same head, and other methods with 405', async () => {
    hub = await startTestHub();
    const head = await fetch(`${hub.url}/examples/form`, { method: 'HEAD' });
    expect([head.status, Number(head.headers.get('content-length')), await head.text()]).toEqual([
      200,
      (await readFile(`${ARTICLE}/form.html`)).length,
      '',
    ]);
    const posted = await fetch(`${hub.url}/examples/form`, { method: 'POST', body: 'x' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('is not served when the configuration says so', async () => {
    hub = await startTestHub({ yaml: 'examples: off\n' });
    expect((await fetch(`${hub.url}/examples/form`)).status).toBe(404);
  });
});

describe('the subscriber in Python at the queue of a device', () => {
  needs('python3')('is given each command once, and acknowledges each by its next poll', async () => {
    hub = await startTestHub({ yaml: 'locations:\n  - { path: /fan, commands: $arg_id, subscriber: long-poll }\n' });
    const url = `${hub.url}/v1/devices/fan-7/commands`;
    const send = async (params: unknown): Promise<string> => {
      const response = await fetch(url, { method: 'POST', body: JSON.stringify({ name: 'fan.set', params }) });
      return ((await response.json()) as { id: string }).id;
    };
    const state = async (id: string) => (await (await fetch(`${url}/${id}`)).json()) as object;
    const first = await send({ on: true });
    const device = new Spawned('python3', [`${ARTICLE}/subscriber.py`, '--count', '3', `${hub.url}/fan?id=fan-7`]);
    await device.shown('{"on":true}\n');
    const second = await send('slow');
    await device.shown('slow\n');
    expect(await state(first)).toMatchObject({ state: 'SUCCEEDED', evidence: 'acked', attempt: 1 });
    const third = await send({ on: false });
    expect(await device.exit).toEqual({ code: 0, signal: null });
    expect(device.out).toBe('{"on":true}\nslow\n{"on":false}\n');
    expect(await state(second)).toMatchObject({ state: 'SUCCEEDED', attempt: 1 });
    // Nobody came back for the next one, so nobody has said that the last one arrived.
    expect(await state(third)).toMatchObject({ state: 'LEASED', attempt: 1 });
  });
});
