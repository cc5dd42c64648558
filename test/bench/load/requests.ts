import { BenchFault } from '../bench-fault.js';
import type { Endpoint } from '../peers/peer.js';
import type { Polls } from './reader.js';
import type { Response } from './response-parser.js';

/** A publisher's POST, as bytes to send. @param body ASCII */
export function postRequest(endpoint: Endpoint, path: string, body: string, contentType = 'text/plain'): string {
  return (
    `POST ${path} HTTP/1.1\r\nHost: ${endpoint.host}:${endpoint.port}\r\nContent-Type: ${contentType}\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body}`
  );
}

/** The polls of one URL, as bytes to send. All its readers may share it. */
export class PollRequests implements Polls {
  readonly first: string;
  private readonly start: string;
  private lastModified = '';
  private etag = '';
  private text = '';

  constructor(endpoint: Endpoint, path: string) {
    this.start = `GET ${path} HTTP/1.1\r\nHost: ${endpoint.host}:${endpoint.port}\r\n`;
    this.first = `${this.start}\r\n`;
  }

  behind({ lastModified, etag }: Response): string {
    if (lastModified === '' || etag === '') {
      throw new BenchFault('A message came without Last-Modified or Etag; the next poll could not say what it has.');
    }
    if (lastModified !== this.lastModified || etag !== this.etag) {
      this.lastModified = lastModified;
      this.etag = etag;
      this.text = `${this.start}If-Modified-Since: ${lastModified}\r\nIf-None-Match: ${etag}\r\n\r\n`;
    }
    return this.text;
  }
}
