import type { IncomingMessage } from 'node:http';

/**
 * Reads a request's body.
 * @returns undefined when it has more than `maxBytes` bytes; what is left of it is then unread
 * @throws the request's error when the client goes away within the body
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else {
        request.off('data', take);
        resolve(undefined);
      }
    };
    request.on('data', take);
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(new Error('The client went away within the body.')));
  });
}
