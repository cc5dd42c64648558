import { createHash } from 'node:crypto';
import { decodeTime, encodeTime } from 'ulid';

const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The id of a job that is asked for by what may be called again for the same reason: the same seed gives the same id, so
 * that there is one job and not two.
 * @param unixMs when what it is asked for happened
 */
export function seededJobId(unixMs: number, seed: string): string {
  const bytes = createHash('sha256').update(seed).digest().subarray(0, RANDOM_LENGTH);
  return encodeTime(unixMs, TIME_LENGTH) + Array.from(bytes, (byte) => ALPHABET[byte & 31]).join('');
}

/** When an id was made, unix ms. @param id a ULID */
export function idTime(id: string): number {
  return decodeTime(id);
}
