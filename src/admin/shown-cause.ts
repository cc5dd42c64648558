import type { Cause } from '../logic/cause.js';
import type { ShownCause } from './cause.dto.js';

/** @param cause undefined: it was no plugin */
export function shownCause(sentence: string, cause: Cause | undefined): ShownCause {
  const { plugin = null, version, handler = null, by = null, depth = null } = cause ?? {};
  return { sentence, plugin, version: version || null, handler, by, depth };
}
