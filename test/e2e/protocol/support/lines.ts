import { expect } from '@jest/globals';
import type { RawResponse } from '../../../support/raw-client.js';

/** The lines that every answer of the hub has, without Date. */
const COMMON = { Server: 'signalbox', Connection: 'keep-alive' };

/**
 * The header lines of an answer but for those that every answer has, which are checked here.
 * @param connection what the hub says of the connection
 */
export function ownLines(response: RawResponse, connection = 'keep-alive'): Record<string, string> {
  const { Date: date, Server, Connection, ...own } = Object.fromEntries(response.headers);
  expect(response.headers.length).toBe(Object.keys(own).length + 3);
  expect({ Server, Connection }).toEqual({ ...COMMON, Connection: connection });
  expect(new Date(date ?? '').toUTCString()).toBe(date);
  return own;
}

/** What a client that follows a channel returns with its next poll. */
export function nextConditions(response: RawResponse): Record<string, string> {
  return {
    'If-Modified-Since': response.header('Last-Modified') ?? '',
    'If-None-Match': response.header('Etag') ?? '',
  };
}

export const NO_BODY = { 'Content-Length': '0' };

/** Channel information as plain text. */
export function plainInfo(messages: number, requested: number, subscribers: number): string {
  return (
    `queued messages: ${messages}\r\nlast requested: ${requested} sec. ago (-1=never)\r\n` +
    `active subscribers: ${subscribers}`
  );
}
