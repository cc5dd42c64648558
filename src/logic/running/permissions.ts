import type { Clock } from '../../channels/clock.js';
import { HubError } from '../../channels/hub-error.js';
import type { JobDraft } from '../../commands/jobs/draft-job.js';
import { matchesGlob } from '../../commands/jobs/glob.js';
import type { Granted, GrantedCommand, GrantedJob, Rate } from '../loading/granted.js';

/** Devices whose rate is remembered; of one more, the one that was asked for longest ago is forgotten. */
const MAX_REMEMBERED = 100_000;

interface Bucket {
  tokens: number;
  /** ms of Clock.uptime */
  filledAt: number;
}

/** Asks a logic server's grants, and keeps count of the commands that have a rate. */
export class Permissions {
  private readonly buckets = new Map<string, Bucket>();

  /** @param onRefusal called before each refusal is thrown */
  constructor(
    private readonly granted: Granted,
    private readonly clock: Pick<Clock, 'uptime'>,
    private readonly onRefusal: () => void,
  ) {}

  get maxStateBytes(): number {
    return this.granted.maxStateBytes;
  }

  /**
   * Takes one command out of its rate.
   * @returns gives it back, for a turn that was not done
   * @throws HubError `not_granted`, `rate_exceeded`
   */
  takeCommand(device: string, name: string): () => void {
    const grant = this.grantFor(device, name);
    if (!grant)
      throw this.refuse('not_granted', `No grant lets it send "${name}" to ${device}; add it to grants.command.`);
    return grant.rate ? this.takeToken(`${device}/${name}`, grant.rate) : nothingTaken;
  }

  /** @throws HubError `not_granted` */
  checkJob(draft: JobDraft): void {
    const { name } = draft.command;
    const grants = this.granted.jobs.filter(({ names }) => names === undefined || names.has(name));
    const grant = grants.find((each) => coversDevices(each, draft));
    if (!grant) {
      const what = grants.length === 0 ? `send "${name}" by a job` : `send "${name}" by a job to all of these devices`;
      throw this.refuse('not_granted', `No grant lets it ${what}; add it to grants.jobs.`);
    }
    const { count, everyMs } = draft.limits.pace;
    if (grant.perSecond === undefined || (count * 1_000) / everyMs <= grant.perSecond) return;
    throw this.refuse(
      'not_granted',
      `Its grant lets a job send "${name}" to ${grant.perSecond} devices a second; this one has the rate ` +
        `"${draft.limits.rate}". Give it a slower one.`,
    );
  }

  /** @throws HubError `not_granted` */
  checkPublish(channel: string): void {
    if (this.granted.publish.some((pattern) => pattern.matches(channel))) return;
    throw this.refuse('not_granted', `No grant lets it publish to "${channel}"; add it to grants.publish.`);
  }

  private grantFor(device: string, name: string): GrantedCommand | undefined {
    for (const grant of this.granted.commands) if (covers(grant, device, name)) return grant;
    return undefined;
  }

  private takeToken(key: string, { count, perMs, text }: Rate): () => void {
    const now = this.clock.uptime();
    const bucket = this.buckets.get(key) ?? { tokens: count, filledAt: now };
    bucket.tokens = Math.min(count, bucket.tokens + ((now - bucket.filledAt) * count) / perMs);
    bucket.filledAt = now;
    // Last in the order of insertion, which is the order of forgetting.
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size > MAX_REMEMBERED) this.forgetOldest();
    if (bucket.tokens < 1) {
      throw this.refuse('rate_exceeded', `"${key}" was commanded ${text} already, as much as its grant allows.`);
    }
    bucket.tokens--;
    return () => {
      bucket.tokens++;
    };
  }

  private forgetOldest(): void {
    for (const key of this.buckets.keys()) {
      this.buckets.delete(key);
      return;
    }
  }

  private refuse(code: 'not_granted' | 'rate_exceeded', sentence: string): HubError {
    this.onRefusal();
    return new HubError(code, sentence);
  }
}

const nothingTaken = () => {};

/** A query for attributes alone may find any device, and one for another pattern those that the grant does not have. */
function coversDevices({ devices: glob }: GrantedJob, { devices, query }: JobDraft): boolean {
  if (/^\*+$/.test(glob)) return true;
  return devices ? devices.every((device) => matchesGlob(glob, device)) : query?.pattern === glob;
}

function covers({ device, names }: GrantedCommand, asked: string, name: string): boolean {
  return (device === undefined || device === asked) && (names === undefined || names.has(name));
}
