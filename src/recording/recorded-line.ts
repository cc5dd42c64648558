/** Version of the format that is written, and the newest that is read; docs/recordings.md tells it. */
export const RECORDING_VERSION = 1;

/** What a recording says of itself, in its first line. */
export interface RecordingHeader {
  readonly version: number;
  /** version of the hub that it was taken from; undefined: it was written by hand */
  readonly hub: string | undefined;
  /** unix ms */
  readonly startedAt: number;
  /** of the channels that were recorded */
  readonly patterns: readonly string[];
}

/** A body as a recording shows it: JSON as JSON, other text as text, and bytes that are no text in base64. */
export type RecordedBody = { readonly json: unknown } | { readonly text: string } | { readonly base64: string };

/** What all that was published or sent has. */
export interface RecordedMessage {
  /** unix ms */
  readonly time: number;
  readonly channel: string;
  /** `second:tag` in its channel; of a command that of the outcome that told it; undefined: written by hand without one */
  readonly position: string | undefined;
  readonly contentType: string | null;
  readonly body: RecordedBody;
}

/** A message on `devices/{id}/events/{type}`. */
export interface RecordedEvent extends RecordedMessage {
  readonly kind: 'event';
}

/** A command that was sent, on `devices/{id}/commands`; its body is a JSON object with `id`, `name` and `params`. */
export interface RecordedCommand extends RecordedMessage {
  readonly kind: 'command';
  /** the turn that sent it, as the hub keeps it; null: somebody outside of the hub */
  readonly cause: Readonly<Record<string, unknown>> | null;
}

/** A change of a command's state, on `devices/{id}/outcomes`; its body is what was published there. */
export interface RecordedOutcome extends RecordedMessage {
  readonly kind: 'outcome';
  readonly state: string;
  /** what a success rests on; null: the state has none */
  readonly evidence: string | null;
}

/** Something is missing here. */
export interface RecordedGap {
  readonly kind: 'gap';
  /** unix ms when it was noticed */
  readonly time: number;
  /** messages that are missing; null: how many is not known */
  readonly lost: number | null;
  /** a sentence */
  readonly reason: string;
}

/** One line of a recording behind the first. */
export type RecordedLine = RecordedEvent | RecordedCommand | RecordedOutcome | RecordedGap;
