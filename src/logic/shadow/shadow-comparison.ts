import { parsePosition, positionOf } from '../../engine/position.js';
import type { Captured } from '../comparing/capturing-commits.js';
import type { ComparedCommand } from '../comparing/compared-command.js';
import { type Difference, Pairing } from '../comparing/pairing.js';
import type { ShadowCommand, ShadowCounts, ShadowDifference } from '../plugin-status.js';

/** How long a command waits for its like, as long as both versions keep up. */
const WINDOW_MS = 10_000;
/** Commands that wait for their like at most. */
const MAX_WAITING = 10_000;
/** Differences that are remembered; the oldest go first. */
const MAX_DIFFERENCES = 100;

/** Compares the commands of a plugin with those of its candidate version, and remembers the last differences. */
export class ShadowComparison {
  private counts = noCounts();
  private found: ShadowDifference[] = [];
  private pairing: Pairing;
  private readonly since: number;

  /** @param now unix ms; what was published before is not compared: the two may have begun at different places */
  constructor(private readonly now: () => number) {
    this.since = positionOf(Math.floor(now() / 1_000), 0);
    this.pairing = this.newPairing();
  }

  get figures(): ShadowCounts {
    return { ...this.counts };
  }

  /** the newest first */
  get differences(): readonly ShadowDifference[] {
    return this.found.toReversed();
  }

  /** Counts anew. What waits for its like goes on waiting, for the other version may be yet to come to it. */
  renew(): void {
    this.counts = noCounts();
    this.found = [];
  }

  /** The plugin has sent this. */
  live({ commands }: Captured): void {
    for (const command of commands) {
      if (!this.isOld(command)) this.pairing.expect(command);
      this.counts.live++;
    }
    this.bound();
  }

  /** Its candidate version would have. */
  shadow({ commands, jobs, messages, outboxItems }: Captured): void {
    for (const command of commands) {
      if (!this.isOld(command)) this.pairing.add(command);
      this.counts.shadow++;
    }
    this.counts.jobs += jobs;
    this.counts.messages += messages;
    this.counts.outboxItems += outboxItems;
    this.bound();
  }

  /** Tells apart what has waited long enough. @param lagMs how far the slower of the two is behind */
  look(lagMs: number): void {
    if (lagMs < WINDOW_MS / 2) this.pairing.expire(this.now() - WINDOW_MS);
  }

  /** When one of the two is so far behind that too much waits, comparing begins anew. */
  private bound(): void {
    const { size } = this.pairing;
    if (size <= MAX_WAITING) return;
    this.counts.uncompared += size;
    this.pairing = this.newPairing();
  }

  private newPairing(): Pairing {
    return new Pairing({
      same: () => this.counts.same++,
      differs: (difference) => this.note(difference),
    });
  }

  private note(difference: Difference): void {
    this.counts[difference.is]++;
    const expected = 'expected' in difference ? difference.expected : undefined;
    const actual = 'actual' in difference ? difference.actual : undefined;
    const { device, name } = (expected ?? actual) as ComparedCommand;
    const live = expected && shown(expected);
    const shadow = actual && shown(actual);
    this.found.push({ is: difference.is, at: this.now(), device, name, live, shadow });
    if (this.found.length > MAX_DIFFERENCES) this.found.shift();
  }

  private isOld({ by }: ComparedCommand): boolean {
    const position = /^(?:event|outcome) .* (\d+:\d+)$/.exec(by)?.[1];
    return position !== undefined && (parsePosition(position) ?? 0) < this.since;
  }
}

function noCounts(): { -readonly [Name in keyof ShadowCounts]: ShadowCounts[Name] } {
  return {
    ...{ live: 0, shadow: 0, same: 0, missing: 0, extra: 0, changed: 0, moved: 0, uncompared: 0 },
    ...{ jobs: 0, messages: 0, outboxItems: 0 },
  };
}

function shown({ at, params, handler, by }: ComparedCommand): ShadowCommand {
  return { at, params, handler, by };
}
