/**
 * What the admin API bounds. Operators and their tools are few, so none of these can be configured; they keep one careless
 * script from holding up the devices that share the process.
 */
export const ADMIN_LIMITS = {
  /** open connections; one more is closed at once */
  maxConnections: 256,
  /** bytes of a request's head: a channel's id of 8192 characters, percent-encoded, and room for the rest */
  maxHeadBytes: 32 * 1024,
  /** characters of a channel's id: what `max_channel_id_length` may be at most */
  maxIdLength: 8192,
  /** bytes of a request's body: a message in base64, or as text of which some must be escaped */
  maxRequestBytes: 2 * 1024 * 1024,
  /** bytes of a message that is published by hand */
  maxMessageBytes: 1024 * 1024,
  /** bytes of all bodies on a page of messages; the first message of a page always fits */
  maxPageBytes: 1024 * 1024,
  channelsPerPage: 1000,
  devicesPerPage: 1000,
  jobsPerPage: 100,
  messagesPerPage: 1000,
  /** recordings that are being made; each may hold 16 MiB for a reader that is slow */
  maxRecordings: 8,
  turnsPerAnswer: 100,
  /** less than `silenceMs`, or a request for turns that waits would be cut */
  maxTurnWaitSeconds: 55,
  headTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  /** ms that a connection may be silent, also one whose client takes no more of an answer */
  silenceMs: 60_000,
  /** ms that clients get at a stop to take their answers */
  stopGraceMs: 1_000,
} as const;
