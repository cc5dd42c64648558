/** Header lines of a request, in order; a name with several values stands several times. */
export type Lines = Readonly<Record<string, string | readonly string[]>>;

/** The bytes of a request's head, latin1. */
export function head(method: string, target: string, lines: Lines = {}, version = 'HTTP/1.1'): string {
  const written = Object.entries({ Host: 'hub', ...lines }).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}\r\n`),
  );
  return `${method} ${target} ${version}\r\n${written.join('')}\r\n`;
}

export function get(target: string, lines: Lines = {}): string {
  return head('GET', target, lines);
}

/** A request with a body of that length. */
export function withBody(method: string, target: string, body: string | Buffer, lines: Lines = {}): Buffer {
  const bytes = Buffer.from(body as string, 'latin1');
  const text = head(method, target, { ...lines, 'Content-Length': String(bytes.length) });
  return Buffer.concat([Buffer.from(text, 'latin1'), bytes]);
}

export function post(target: string, body: string | Buffer = '', lines: Lines = {}): Buffer {
  return withBody('POST', target, body, lines);
}
