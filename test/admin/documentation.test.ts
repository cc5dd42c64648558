import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeBlocks } from '../docs/house-files.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { AdminClient } from './support/admin-client.js';
import type { Contract, Operation } from './support/contract.js';

const DOCUMENT = 'docs/admin.md';

interface Example {
  readonly command: string;
  readonly method: string;
  readonly path: string;
}

/** The curl commands of the document, and of the one that tells how turns are taken, one a URL. */
function examples(): Example[] {
  const blocks = [DOCUMENT, 'docs/logic-servers.md'].flatMap((document) => codeBlocks(document, 'sh'));
  return blocks.flatMap((block) =>
    Array.from(
      block.replaceAll('\\\n', ' ').matchAll(/^curl .*'http:\/\/127\.0\.0\.1:8081([^']*)'$/gm),
      ([command, path = '']) => ({
        command,
        method: /-X (\w+)/.exec(command)?.[1] ?? (/ -d /.test(command) ? 'POST' : 'GET'),
        path,
      }),
    ),
  );
}

describe(DOCUMENT, () => {
  let hub: TestHub;
  let admin: AdminClient;
  let contract: Contract;

  beforeAll(async () => {
    hub = await startTestHub();
    admin = await AdminClient.of(hub.adminUrl);
    ({ contract } = admin);
  });

  afterAll(() => hub.stop());

  function operationOf({ method, path }: Example): Operation | undefined {
    return contract.operationAt(method, path.replace(/\?.*$/, ''));
  }

  it('has a command for every operation, and none for what is not there', () => {
    const shown = examples().map((example) => operationOf(example)?.operationId ?? example.command);
    expect([...new Set(shown)].sort()).toEqual(contract.operations.map(({ operationId }) => operationId).sort());
  });

  it('shows answers that the API can give', () => {
    const answers = codeBlocks(DOCUMENT, 'json').flatMap((block) =>
      block
        .trim()
        .split(/\n(?=\{)/)
        .map((json) => JSON.parse(json)),
    );
    const schemas = Object.keys(contract.document.components.schemas);
    const kinds = answers.map((answer) =>
      schemas.filter((name) => contract.faultsOf({ $ref: `#/components/schemas/${name}` }, answer).length === 0),
    );
    expect(kinds).toEqual([
      ['Problem'],
      ['ChannelPage'],
      ['MessagePage'],
      ['PublishedMessage'],
      ['DeviceDetail'],
      ['DevicePage'],
      ['Story'],
      ['JobPage'],
      ['Stats'],
      ['PluginList'],
      ['DescribedPlugin'],
      ['ShadowReport'],
      ['DeadLetterPage'],
      ['Redriven'],
      ['TimerPage'],
      ['CausedStory'],
      ['CausedStory'],
      ['CausedStory'],
      ['Story'],
      ['Health'],
      ['Ready'],
    ]);
  });

  it('shows the error that the API gives', async () => {
    const [shown = ''] = codeBlocks(DOCUMENT, 'json');
    expect((await admin.get('/admin/channels?limit=5000')).json).toEqual(JSON.parse(shown));
  });

  it('gives commands that the API understands', async () => {
    for (const { command, method: shown, path } of examples()) {
      // A recording has no end.
      const method = path.startsWith('/admin/recording') ? 'HEAD' : shown;
      const [, body] = / -d '([^']*)'/.exec(command) ?? [];
      const { status, json } = await admin.ask(path, { method, ...(body !== undefined && { body }) });
      expect({ [command]: status < 300 ? 'fine' : json.code }).toEqual({ [command]: answerTo(path) });
    }
  });
});

/** The first example shows an error, and what the others ask about does not exist here. */
const notHere: readonly (readonly [part: string, code: string])[] = [
  ['limit=5000', 'invalid_limit'],
  ['/channels/devices', 'channel_not_found'],
  ['/dead-letters/', 'dead_letter_not_found'],
  ['/shadow', 'shadow_not_found'],
  // The thermostat runs inline here.
  ['/reload', 'plugin_failed'],
  ['/why?command=', 'command_not_found'],
  ['/jobs/', 'job_not_found'],
  ['/logic/', 'plugin_not_found'],
  ['/why/commands/', 'command_not_found'],
  ['/why/messages', 'channel_not_found'],
  ['/why/timers', 'timer_not_found'],
];

function answerTo(path: string): string {
  return notHere.find(([part]) => path.includes(part))?.[1] ?? 'fine';
}
