/** What a black box writes down beside answers, which are noted by their HTTP status. */
export const NOTED = {
  pollOpened: 1,
  clientLeft: 2,
  event: 3,
  /** it asked for its desired state, or said how far it is with that */
  desiredState: 4,
  /** its poll was answered with several commands, of which the first is noted */
  severalSent: 5,
  /** its poll named a lock that stands for no command which has not ended */
  strangeLock: 6,
  /** its poll did not name the lock of a command that it was sent */
  answerLost: 7,
} as const;

/** What devices say of commands, and how the hub took it; `refused`: the hub does not know the command, or failed. */
const VERBS = ['ack', 'complete', 'result', 'progress', 'abandon', 'reject'] as const;
const VERDICTS = ['done', 'repeated', 'late', 'lock_lost', 'gone', 'conflict', 'refused'] as const;

export interface Said {
  readonly verb: (typeof VERBS)[number];
  readonly verdict: (typeof VERDICTS)[number];
}

export interface Noted {
  /** unix ms */
  readonly at: number;
  /** one of NOTED, a mark of `markOf`, or the HTTP status that a poll was answered with */
  readonly what: number;
  /** the number of the command that it is about, among its device's; undefined: of none, or of one that is not known */
  readonly seq: number | undefined;
}

/** How many of a device's last steps are kept. */
export const BLACK_BOX_LENGTH = 16;

/** Room for every HTTP status; time and code share one number, 2^41 ms (year 2039) times 2^10 fitting in a double's 2^53. */
const CODES = 1024;
const FIRST_MARK = 32;

/** What a device said of a command, as the box notes it: below every HTTP status. */
export function markOf({ verb, verdict }: Said): number {
  return FIRST_MARK + VERBS.indexOf(verb) * VERDICTS.length + VERDICTS.indexOf(verdict);
}

/** What `markOf` made a mark of; undefined for anything else that is noted. */
export function saidBy(mark: number): Said | undefined {
  const place = mark - FIRST_MARK;
  const verb = VERBS[Math.floor(place / VERDICTS.length)];
  const verdict = VERDICTS[place % VERDICTS.length];
  return verb && verdict && { verb, verdict };
}

/** The last steps of one device in rings of plain numbers: 8 bytes a step, and 8 more once one is about a command. */
export class BlackBox {
  private readonly ring: number[] = [];
  private seqs: number[] | undefined = undefined;
  private next = 0;

  /** @param at unix ms @param what one of NOTED, a mark or an HTTP status, 0 to 1,023 @param seq of a command, 0 for none */
  note(at: number, what: number, seq = 0): void {
    if (seq > 0) this.seqs ??= new Array<number>(BLACK_BOX_LENGTH).fill(0);
    if (this.seqs) this.seqs[this.next] = seq;
    this.ring[this.next] = Math.floor(at) * CODES + what;
    this.next = (this.next + 1) % BLACK_BOX_LENGTH;
  }

  /** The steps, the oldest first. */
  steps(): Noted[] {
    const steps = this.ring.map((mark, i) => ({
      at: Math.floor(mark / CODES),
      what: mark % CODES,
      seq: this.seqs?.[i] || undefined,
    }));
    return steps.length < BLACK_BOX_LENGTH ? steps : [...steps.slice(this.next), ...steps.slice(0, this.next)];
  }
}
