import { BLOCK_END, type HeaderBlock } from './header-block.js';

/** Programs whose requests alternate; each sends lines of its own. */
const MAX_FAMILIES = 4;
/** Tags whose blocks are kept: messages of a channel within a second rarely are more. */
const MAX_TAGS = 32;
const ZERO = 48;

/**
 * Header lines that came before, of one method. A client sends the same ones again and again, but for the number of its last
 * message within that message's second, and the clients of a fleet are one program: comparing a text costs a fifth of
 * reading it.
 */
export class KnownBlocks {
  /** the ones added last first; one that is found moves forward */
  private readonly families: BlockFamily[] = [];

  /** The block at this place of `text`; undefined when none like it came before. */
  find(text: string, start: number): HeaderBlock | undefined {
    const { families } = this;
    for (let i = 0; i < families.length; i++) {
      const family = families[i] as BlockFamily;
      const block = family.find(text, start);
      if (!block) continue;
      if (i > 0) {
        families[i] = families[i - 1] as BlockFamily;
        families[i - 1] = family;
      }
      return block;
    }
    return undefined;
  }

  add(block: HeaderBlock): void {
    this.families.unshift(new BlockFamily(block));
    if (this.families.length > MAX_FAMILIES) this.families.pop();
  }
}

/** Blocks that differ in their tag alone. */
class BlockFamily {
  /** what all of them begin with: up to the tag, or all of it */
  private readonly lead: string;
  private readonly byTag = new Array<HeaderBlock | undefined>(MAX_TAGS).fill(undefined);

  constructor(private readonly block: HeaderBlock) {
    const { text, beforeTag } = block;
    // A text of its own: comparing with a piece of another costs more.
    this.lead = Buffer.from(beforeTag === '' ? text : beforeTag, 'latin1').toString('latin1');
  }

  find(text: string, start: number): HeaderBlock | undefined {
    const { block, lead } = this;
    const tagStart = start + lead.length;
    if (text.slice(start, tagStart) !== lead) return undefined;
    if (block.beforeTag === '') return block;
    const tag = shortTagAt(text, tagStart);
    if (tag < 0) return block.withOtherTag(text, start);
    this.byTag[tag] ??= block.withOtherTag(text, start);
    return this.byTag[tag];
  }
}

/** A tag below MAX_TAGS in its usual spelling, with the end of the lines behind it; -1 for anything else. */
function shortTagAt(text: string, start: number): number {
  const first = text.charCodeAt(start) - ZERO;
  if (!(first >= 0 && first <= 9)) return -1;
  const second = text.charCodeAt(start + 1) - ZERO;
  if (!(second >= 0 && second <= 9)) return text.startsWith(BLOCK_END, start + 1) ? first : -1;
  const tag = first * 10 + second;
  return first > 0 && tag < MAX_TAGS && text.startsWith(BLOCK_END, start + 2) ? tag : -1;
}
