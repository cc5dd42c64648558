import { type Cause, causeOf } from '../cause.js';

/** What is asked about a command's sender. */
interface Sent {
  /** its cause as JSON; undefined: nothing of the hub */
  readonly origin?: string | undefined;
  /** that sent it */
  readonly job?: { readonly id: string } | undefined;
}

/** What brought a command about, in one or two sentences. */
export function tellSender({ origin, job }: Sent): string {
  const cause = causeOf(origin);
  if (job === undefined) return cause ? tellCause(cause) : 'Somebody outside of the hub sent it.';
  return `The job ${job.id} sent it.${cause ? ` ${tellCause(cause)}` : ''}`;
}

/** Which turn, or which pipeline, asked for something, in a sentence. */
export function tellCause({ plugin, version, handler, by, given, behind, depth }: Cause): string {
  const whose = version === '' ? `"${plugin}"` : `"${plugin}" ${version}`;
  const row = depth > 1 ? ` It was turn ${depth} in a row that caused each other.` : '';
  if (by === 'pipeline') {
    return `${handler}, a pipeline of ${whose}, gave it out${given === undefined ? '' : ` when it was given ${given}`}.${row}`;
  }
  return `${handler} of ${whose} asked for it in its turn for ${by}${tellNearest(by, plugin, behind)}.${row}`;
}

/** The turn that set a timer, or put something into the outbox, as a part of a sentence. */
function tellNearest(by: string, plugin: string, behind: Cause['behind']): string {
  if (typeof behind === 'string') return `, ${behind}`;
  const [nearest] = behind ?? [];
  if (!nearest) return '';
  return `, ${verbOf(by)} by ${nearest.handler} of "${plugin}" for ${nearest.by}`;
}

/** @param by what a turn was for: a timer or an item of the outbox */
export function verbOf(by: string): string {
  return by.startsWith('timer ') ? 'set' : 'put in';
}
