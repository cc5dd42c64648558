import { HubError } from '../../channels/hub-error.js';
import type { Commands } from '../../commands/commands.js';
import type { Command } from '../../commands/life/command.js';
import { commandChannel } from '../../devices/device-id.js';
import type { StoredMessage } from '../../engine/message-log.js';
import { formatPosition } from '../../engine/position.js';
import { MAX_LINE_BYTES } from '../../recording/read-recording.js';
import { recordedBody } from '../../recording/recorded-body.js';
import type { RecordedLine, RecordedMessage } from '../../recording/recorded-line.js';
import type { RecordedChannels } from './recorded-channels.js';

/** A message's body at most: in JSON a byte may take six characters. */
const MAX_BODY_BYTES = MAX_LINE_BYTES / 8;

/** Makes the lines of a recording from what is published on the recorded channels. */
export class MessageLines {
  constructor(
    private readonly channels: RecordedChannels,
    private readonly commands: Pick<Commands, 'find'>,
  ) {}

  /**
   * None, one, or two for an outcome that tells of a new command: the command's own before it.
   * @throws EngineError when a command cannot be read
   */
  async of(channel: string, message: StoredMessage): Promise<readonly RecordedLine[]> {
    const { event, outcome, commands } = this.channels.wanted(channel);
    // Asked for once: it may be made anew each time.
    const { body } = message;
    if (body.length > MAX_BODY_BYTES) return [tooLong(channel, message.publishedAt, body.length)];
    const about = recordedMessage(channel, message, body);
    if (event) return [{ kind: 'event', ...about }];
    const told = toldIn(about);
    if (!told) return [];
    const lines: RecordedLine[] = [];
    if (commands && told.cause === 'sent') lines.push(await this.commandOf(told, about));
    if (outcome) lines.push({ kind: 'outcome', ...about, state: told.state, evidence: told.evidence ?? null });
    return lines;
  }

  /** An outcome has no params, so the command is asked for, as long as it is kept. */
  private async commandOf({ device, id }: ToldOutcome, { time, position }: RecordedMessage): Promise<RecordedLine> {
    try {
      const command = await this.commands.find(device, id);
      const { origin } = command;
      const cause = origin === undefined ? null : (JSON.parse(origin) as Record<string, unknown>);
      const about = { time, channel: commandChannel(device), position, contentType: 'application/json' };
      return { kind: 'command', ...about, cause, body: { json: shownCommand(command) } };
    } catch (error) {
      const { code } = HubError.from(error);
      if (code !== 'command_not_found') throw error;
      const reason = `Command ${id} of ${device} was forgotten before it was recorded.`;
      return { kind: 'gap', time, lost: 1, reason };
    }
  }
}

interface ToldOutcome {
  readonly id: string;
  readonly device: string;
  readonly state: string;
  /** what brought it about; `sent`: the command is new */
  readonly cause: string;
  readonly evidence?: string;
}

function recordedMessage(
  channel: string,
  { position, publishedAt, contentType }: StoredMessage,
  body: Buffer,
): RecordedMessage {
  return { time: publishedAt, channel, position: formatPosition(position), contentType, body: recordedBody(body) };
}

/** What the hub said on a channel of outcomes; undefined: somebody else published there. */
function toldIn({ body }: RecordedMessage): ToldOutcome | undefined {
  const told = 'json' in body ? (body.json as Partial<ToldOutcome> | null) : null;
  const isOutcome = typeof told?.id === 'string' && typeof told.device === 'string' && typeof told.state === 'string';
  return isOutcome ? (told as ToldOutcome) : undefined;
}

/** A command with what its sender said of it. Times are seconds, as where commands are sent. */
function shownCommand({ id, name, paramsJson, seq, job, ack, lane, priority, key, ttlMs, timeoutMs }: Command): object {
  const params: unknown = JSON.parse(paramsJson);
  const times = { ttl: ttlMs / 1_000, timeout: timeoutMs / 1_000 };
  return { id, name, params, seq, job: job?.id, ack, lane, priority, key, ...times };
}

function tooLong(channel: string, time: number, bytes: number): RecordedLine {
  const reason = `A message on ${channel} has ${bytes} bytes, and ${MAX_BODY_BYTES} are recorded at most.`;
  return { kind: 'gap', time, lost: 1, reason };
}
