/** An answer to "why": what is known now, and the steps that led there, the oldest first. */
export interface Story {
  readonly now: string;
  readonly steps: readonly { /** ISO 8601 */ readonly at: string; readonly sentence: string }[];
}
