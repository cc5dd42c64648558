import { formatPosition, type Position, parsePosition } from '../../../src/engine/position.js';
import type { HubLife } from '../hub-life.js';
import type { SeenMessage } from '../model/channel-account.js';

interface MessagePage {
  readonly messages: readonly { readonly position: string; readonly body: string }[];
  readonly next: string | null;
}

/** What a channel holds behind `after`, by the admin API, which changes nothing by reading. */
export async function readChannel(life: HubLife, channel: string, after: Position = 0): Promise<SeenMessage[]> {
  const seen: SeenMessage[] = [];
  const url = `/admin/channels/${encodeURIComponent(channel)}/messages?limit=1000`;
  for (let from: string | null = after === 0 ? '' : `&after=${formatPosition(after)}`; from !== null; ) {
    const page = (await life.admin(url + from)) as MessagePage | undefined;
    if (!page) return seen;
    for (const { position, body } of page.messages) {
      seen.push({ number: numberIn(channel, body), position: parsePosition(position) as Position });
    }
    from = page.next === null ? null : `&after=${page.next}`;
  }
  return seen;
}

/** A message's body names its channel and its number in it. */
export function bodyOf(channel: string, number: number): string {
  return `${channel} ${number}`;
}

/** -1 when it is not a body of this channel. */
export function numberIn(channel: string, body: string): number {
  const [, of, number] = /^(\S+) (\d+)$/.exec(body) ?? [];
  return of === channel ? Number(number) : -1;
}
