import { STATUS_CODES } from 'node:http';
import type { HttpAnswer } from './http-request.js';

/** Characters of a refusal's text that are shown. */
const MAX_SHOWN_LENGTH = 500;

/** What a hub refused with, in a sentence: its status and, where it is text, what it says. */
export function refusalOf({ status, headers, body }: HttpAnswer, url: URL): string {
  const said = /^text\/plain|[/+]json/.test(headers['content-type'] ?? '') ? textOf(body) : '';
  const name = STATUS_CODES[status];
  return `${url} answered ${status}${name ? ` (${name})` : ''}${said === '' ? '.' : `: ${said}`}`;
}

function textOf(body: Buffer): string {
  const text = body.toString('utf8').trim();
  return detailOf(text).replaceAll(/\s+/g, ' ').slice(0, MAX_SHOWN_LENGTH);
}

/** The sentence within problem details (RFC 9457). */
function detailOf(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === 'string' ? detail : text;
  } catch {
    return text;
  }
}
