import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answer } from '../exchange.js';

const FILE = 'docs/examples/article/form.html';

/** A page of the examples as it is served. */
export class ExamplePage {
  readonly answer: Answer;

  constructor(html: string) {
    this.answer = {
      status: 200,
      headers: [
        ['Content-Type', 'text/html; charset=utf-8'],
        ['X-Content-Type-Options', 'nosniff'],
        ['Content-Security-Policy', contentSecurityPolicy(html)],
        ['Cache-Control', 'no-cache'],
      ],
      body: html,
    };
  }

  /** Reads the form of docs/examples/article, which lies beside src/ and beside dist/. @throws the system's error */
  static form(): ExamplePage {
    // As a browser reads it: the policy's hashes are of the text without carriage returns.
    return new ExamplePage(readFileSync(pathUpwards(FILE), 'utf8').replaceAll('\r\n', '\n'));
  }
}

/** Only the page's own style and script run, and they reach nothing but this hub. */
function contentSecurityPolicy(html: string): string {
  return [
    "default-src 'none'",
    `style-src ${hashesOf('style', html)}`,
    `script-src ${hashesOf('script', html)}`,
    'img-src data:',
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function hashesOf(tag: string, html: string): string {
  const texts = html.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'));
  const hashes = Array.from(texts, ([, text = '']) => createHash('sha256').update(text).digest('base64'));
  return hashes.map((hash) => `'sha256-${hash}'`).join(' ');
}

/** The file of this name in the nearest folder above that has it. */
function pathUpwards(file: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, file)) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, file);
}
