import { type Cause, causeOf } from '../cause.js';

/** What brought a command about, in a sentence. @param origin as the command keeps it; undefined: nothing of the hub */
export function tellCause(origin: string | undefined): string {
  const cause = origin === undefined ? undefined : causeOf(origin);
  return cause ? sentenceOf(cause) : 'Somebody outside of the hub sent it.';
}

function sentenceOf({ plugin, version, handler, by, behind, depth }: Cause): string {
  if (by === 'pipeline') return `${handler}, a pipeline of "${plugin}", gave it out.`;
  const whose = version === '' ? `"${plugin}"` : `"${plugin}" ${version}`;
  const row = depth > 1 ? ` It was turn ${depth} in a row that caused each other.` : '';
  return `${handler} of ${whose} asked for it in its turn for ${by}${behind === undefined ? '' : `, ${behind}`}.${row}`;
}
