import { afterEach, expect, it } from '@jest/globals';
import { askAdmin } from '../../src/cli/admin-api.js';
import { Failure } from '../../src/cli/failure.js';
import { ScriptedHub } from './support/scripted-hub.js';

let server: ScriptedHub;
afterEach(() => server.close());

it('Whoever answers what no hub does is told by its address', async () => {
  server = new ScriptedHub([{ status: 200, body: '<html>' }]);
  const url = `${await server.listen()}/admin/why-not`;
  const fails = askAdmin(url, 'GET');
  await expect(fails).rejects.toThrow(Failure);
  await expect(fails).rejects.toThrow(`What ${url} answers is no JSON. See that --admin is a hub's admin door.`);
});
