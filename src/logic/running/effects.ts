import { Buffer } from 'node:buffer';
import type { Channels } from '../../channels/channels.js';
import { HubError } from '../../channels/hub-error.js';
import { isPromise } from '../../channels/maybe-promise.js';
import type { Commands } from '../../commands/commands.js';
import { type DraftCommand, draftCommand } from '../../commands/draft-command.js';
import { outcomeChannel } from '../../commands/outcome.js';
import { deviceOfChannel } from '../../devices/device-id.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { Emission } from '../../plugin/emission.js';
import type { MessageOptions } from '../../plugin/turn.js';

/** Something that a plugin asks for: checked and written down, and not yet done. */
export type Effect =
  | { readonly kind: 'command'; readonly draft: DraftCommand }
  | { readonly kind: 'message'; readonly channel: string; readonly body: Buffer; readonly contentType: string | null };

/** What is kept of messages on channels that no location has set up yet: the push module's defaults. */
const MESSAGE_BUFFER_LENGTH = 10;
const MESSAGE_TIMEOUT_MS = 3_600_000;
const MAX_CHANNEL_ID_LENGTH = 1024;
const MAX_CONTENT_TYPE_LENGTH = 255;

export function commandEffect(device: string, name: string, params: unknown): Effect {
  return { kind: 'command', draft: draftCommand(device, name, params) };
}

/** @throws HubError `invalid_payload` */
export function messageEffect(channel: string, body: unknown, { contentType }: MessageOptions = {}): Effect {
  checkChannel(channel);
  checkContentType(contentType);
  if (typeof body === 'string') {
    return { kind: 'message', channel, body: Buffer.from(body), contentType: contentType ?? 'text/plain' };
  }
  // A copy: the plugin may write on into its bytes.
  if (body instanceof Uint8Array) {
    return { kind: 'message', channel, body: Buffer.from(body), contentType: contentType ?? null };
  }
  return { kind: 'message', channel, body: jsonOf(channel, body), contentType: contentType ?? 'application/json' };
}

/** @throws HubError `invalid_device_id`, `invalid_payload` */
export function effectOf(emission: Emission): Effect {
  switch (emission?.kind) {
    case 'command':
      return commandEffect(emission.device, emission.name, emission.params);
    case 'message':
      return messageEffect(emission.channel, emission.body, emission.options);
    default:
      throw invalid('A pipeline gives out what command(…) and message(…) make, and nothing else.');
  }
}

/** Does what plugins ask for. */
export class Effects {
  constructor(
    private readonly channels: Channels,
    private readonly commands: Commands,
  ) {}

  /**
   * Does all of them, in their order. What can be refused beforehand is refused before the first is done.
   * @throws HubError `channel_limit`, EngineError `log_full`, `engine_unavailable`; rejects with the same
   */
  apply(effects: readonly Effect[]): MaybePromise<void> {
    if (effects.length > 1) for (const effect of effects) this.channels.open(channelOf(effect));
    const later: Promise<unknown>[] = [];
    for (const effect of effects) {
      const done = effect.kind === 'command' ? this.commands.sendDraft(effect.draft) : this.publish(effect);
      if (isPromise<unknown>(done)) later.push(done);
    }
    if (later.length > 0) return Promise.all(later).then(() => {});
  }

  private publish({ channel: id, body, contentType }: Extract<Effect, { kind: 'message' }>): MaybePromise<unknown> {
    const channel = this.channels.open(id);
    const { policy } = channel;
    const timeoutMs = policy?.messageTimeoutMs ?? MESSAGE_TIMEOUT_MS;
    return channel.publish({
      body,
      contentType,
      expiresAt: timeoutMs === 0 ? Number.POSITIVE_INFINITY : this.channels.clock.now() + timeoutMs,
      store: true,
      durability: policy?.durability ?? 'disk',
      keepAtMost: policy?.maxMessageBufferLength ?? MESSAGE_BUFFER_LENGTH,
      keepAtLeast: policy?.minMessageBufferLength ?? 0,
    });
  }
}

function channelOf(effect: Effect): string {
  return effect.kind === 'command' ? outcomeChannel(effect.draft.device) : effect.channel;
}

function checkChannel(channel: string): void {
  if (typeof channel !== 'string' || channel === '' || channel.length > MAX_CHANNEL_ID_LENGTH) {
    throw invalid(`A channel's id is a text of 1 to ${MAX_CHANNEL_ID_LENGTH} characters.`);
  }
  if (/[\0-\x1f\x7f]/.test(channel)) throw invalid('A channel id has no control characters.');
  const device = deviceOfChannel(channel);
  if (device === undefined) return;
  throw invalid(`Commands are not published but sent: command("${device}", name, params).`);
}

function checkContentType(contentType: string | undefined): void {
  if (contentType === undefined) return;
  const isHeader = typeof contentType === 'string' && /^[\x20-\x7e]+$/.test(contentType);
  if (isHeader && contentType.length <= MAX_CONTENT_TYPE_LENGTH) return;
  throw invalid(`A content type is 1 to ${MAX_CONTENT_TYPE_LENGTH} printable ASCII characters.`);
}

function jsonOf(channel: string, body: unknown): Buffer {
  try {
    const json = JSON.stringify(body) as string | undefined;
    if (json !== undefined) return Buffer.from(json);
  } catch (error) {
    throw invalid(`The message for "${channel}" cannot be written as JSON: ${(error as Error).message}`);
  }
  throw invalid(`The message for "${channel}" is ${typeof body}, which JSON cannot say.`);
}

function invalid(sentence: string): HubError {
  return new HubError('invalid_payload', sentence);
}
