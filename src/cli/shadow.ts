import { adminUrl, askAdmin } from './admin-api.js';
import { countOf } from './amounts.js';
import { EXIT } from './exit-code.js';
import { print, type Terminal } from './terminal.js';

export interface ShadowOptions {
  /** the hub's admin door */
  readonly admin: string;
  readonly json?: boolean;
}

interface Command {
  readonly at: string;
  readonly params: unknown;
  readonly handler: string;
  readonly by: string;
}

interface Report {
  readonly state: string;
  readonly version: string | null;
  readonly reason: string | null;
  readonly lagMs: number;
  readonly counters: { readonly failed: number };
  readonly compared: Readonly<Record<string, number>>;
  readonly differences: readonly {
    readonly is: string;
    readonly device: string;
    readonly name: string;
    readonly live: Command | null;
    readonly shadow: Command | null;
  }[];
}

const MARKS: Readonly<Record<string, string>> = { missing: '-', extra: '+', changed: '~', moved: '%' };

/**
 * `signalbox plugin shadow`: tells how a plugin's candidate version does, and what it does otherwise.
 * @returns the exit code: failed when it does not run, or does something otherwise
 * @throws Failure when the hub cannot be reached or refuses
 */
export async function shadow(plugin: string, { admin, json }: ShadowOptions, terminal: Terminal): Promise<number> {
  const address = `${adminUrl(admin)}/admin/plugins/${encodeURIComponent(plugin)}/shadow`;
  const report = (await askAdmin(address, 'GET')) as Report;
  await print(terminal.stdout, json ? `${JSON.stringify(report)}\n` : textOf(plugin, report));
  const { missing = 0, extra = 0, changed = 0, moved = 0 } = report.compared;
  return report.state === 'running' && missing + extra + changed + moved === 0 ? EXIT.ok : EXIT.failure;
}

function textOf(plugin: string, { state, version, reason, lagMs, counters, compared, differences }: Report): string {
  const figures = ['same', 'changed', 'missing', 'extra', 'moved', 'uncompared'];
  const told = figures.map((name) => `${countOf(compared[name] ?? 0)} ${name}`).join(', ');
  const lines = [
    `The shadow of ${plugin}${version === null ? '' : `, version ${version},`} is ${state}${reason === null ? '' : `: ${reason}`}`,
    `${countOf(compared.live ?? 0)} commands sent, ${countOf(compared.shadow ?? 0)} by the shadow: ${told}.`,
    `${countOf(counters.failed)} of its attempts failed; it is ${countOf(lagMs)} ms behind.`,
    ...differences.map(lineOf),
  ];
  return `${lines.join('\n')}\n`;
}

function lineOf({ is, device, name, live, shadow }: Report['differences'][number]): string {
  const sent = (live ?? shadow) as Command;
  const params = JSON.stringify(sent.params);
  const change = is === 'changed' ? ` → ${JSON.stringify(shadow?.params)}` : '';
  return `${MARKS[is]} ${sent.at} ${device} ${name} ${params}${change}  (${sent.handler}, ${sent.by})`;
}
