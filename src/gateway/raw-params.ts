import type { Command } from '../commands/life/command.js';

/** A command's params as a message of their own: text is itself, all else is JSON. */
export function rawParams({ paramsJson, message }: Command): {
  readonly contentType: string | null;
  readonly body: string;
} {
  if (message) return { contentType: message.contentType, body: JSON.parse(paramsJson) as string };
  if (!paramsJson.startsWith('"')) return { contentType: 'application/json', body: paramsJson };
  return { contentType: 'text/plain; charset=utf-8', body: JSON.parse(paramsJson) as string };
}
