import type { ChannelName } from '../channels/channel-key.js';

/** The name of a page's last channel as a text for URLs, from which the next page goes on. */
export function cursorOf({ group, id }: ChannelName): string {
  return Buffer.from(JSON.stringify([group, id])).toString('base64url');
}

/** The name behind a cursor; undefined when the text is none. */
export function readCursor(text: string): ChannelName | undefined {
  try {
    const [group, id, ...rest] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    const isName = typeof group === 'string' && typeof id === 'string' && rest.length === 0;
    return isName && cursorOf({ group, id }) === text ? { group, id } : undefined;
  } catch {
    return undefined;
  }
}
