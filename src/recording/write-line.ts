import { RECORDING_VERSION, type RecordedLine, type RecordingHeader } from './recorded-line.js';

/** The first line of a recording, its line end included. */
export function headerText({ hub, startedAt, patterns }: Omit<RecordingHeader, 'version'>): string {
  const about = { signalbox: 'recording', version: RECORDING_VERSION, hub, startedAt: instant(startedAt), patterns };
  return `${JSON.stringify(about)}\n`;
}

/** A further line, its line end included. */
export function lineText(line: RecordedLine): string {
  return `${JSON.stringify(writtenLine(line))}\n`;
}

function writtenLine(line: RecordedLine): object {
  const { kind } = line;
  const time = instant(line.time);
  if (line.kind === 'gap') return { kind, time, lost: line.lost, reason: line.reason };
  const { channel, position, contentType, body } = line;
  // What is longest stands last, so that a line can be read by its beginning.
  const content = 'json' in body ? { body: body.json } : body;
  switch (line.kind) {
    case 'event':
      return { kind, time, channel, position, contentType, ...content };
    case 'command':
      return { kind, time, channel, position, cause: line.cause, contentType, ...content };
    case 'outcome':
      return { kind, time, channel, position, state: line.state, evidence: line.evidence, contentType, ...content };
  }
}

function instant(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
