import type { Durability, NewMessage } from '../../engine/message-log.js';
import type { LocationSettings } from '../../locations/location.js';
import type { Exchange } from '../exchange.js';

/** A publisher's message. Where its door has the body as text it becomes a Buffer only if an engine asks for one. */
export class PublisherDraft implements NewMessage {
  readonly text: string | undefined;
  readonly contentType: string | null;
  readonly store: boolean;
  readonly durability: Durability;
  readonly keepAtMost: number;
  readonly keepAtLeast: number;
  private readonly bytes: Buffer | undefined;

  /** @param expiresAt unix ms; Infinity: never */
  constructor(
    exchange: Exchange,
    readonly expiresAt: number,
    settings: LocationSettings,
    readonly cause: string | undefined,
  ) {
    this.text = exchange.bodyText;
    this.bytes = this.text === undefined ? exchange.body : undefined;
    this.contentType = exchange.header('content-type') || null;
    this.store = settings.storeMessages;
    this.durability = settings.durability;
    this.keepAtMost = settings.maxMessageBufferLength;
    this.keepAtLeast = settings.minMessageBufferLength;
  }

  get body(): Buffer {
    return this.bytes ?? Buffer.from(this.text ?? '', 'latin1');
  }
}
