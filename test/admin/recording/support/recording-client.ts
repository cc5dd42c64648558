import { type IncomingMessage, request } from 'node:http';
import { parseHeader, parseLine } from '../../../../src/recording/parse-line.js';
import type { RecordedLine, RecordingHeader } from '../../../../src/recording/recorded-line.js';
import { eventually } from '../../../support/eventually.js';

/** Somebody who records a hub. */
export class RecordingClient {
  header: RecordingHeader | undefined;
  readonly lines: RecordedLine[] = [];
  /** empty lines so far */
  beats = 0;
  isOver = false;
  isCut = false;

  private constructor(private readonly response: IncomingMessage) {
    let begun = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const lines = (begun + chunk).split('\n');
      begun = lines.pop() ?? '';
      for (const line of lines) this.take(line);
    });
    response.on('end', () => (this.isOver = true));
    response.on('error', () => (this.isCut = true));
  }

  /** @param query `?from=oldest` */
  static async open(adminUrl: string, query = ''): Promise<RecordingClient> {
    const client = new RecordingClient(await RecordingClient.ask(adminUrl, query));
    await eventually('the recording has begun', () => client.header !== undefined);
    return client;
  }

  static ask(adminUrl: string, query = '', method = 'GET'): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const asked = request(`${adminUrl}/admin/recording${query}`, { method, agent: false }, resolve);
      asked.on('error', reject).end();
    });
  }

  /** What came so far, in short: `event devices/d/events/t {"a":1}`. */
  get told(): string[] {
    return this.lines.map((line) => {
      if (line.kind === 'gap') return `gap ${line.lost} ${line.reason}`;
      const { kind, channel, body } = line;
      if (kind === 'outcome') return `outcome ${channel} ${line.state}`;
      const said = ('json' in body ? body.json : body) as { name?: string; params?: unknown };
      return `${kind} ${channel} ${kind === 'command' ? `${said.name} ${JSON.stringify(said.params)}` : JSON.stringify(said)}`;
    });
  }

  async has(count: number): Promise<string[]> {
    await eventually(`${count} lines have come`, () => this.lines.length >= count);
    return this.told;
  }

  pause(): void {
    this.response.pause();
  }

  resume(): void {
    this.response.resume();
  }

  close(): void {
    this.response.destroy();
  }

  private take(line: string): void {
    if (line === '') this.beats++;
    else if (this.header) this.lines.push(parseLine(line));
    else this.header = parseHeader(line);
  }
}
