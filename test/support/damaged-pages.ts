import { readFileSync, writeFileSync } from 'node:fs';

const PAGE_BYTES = 4_096;
const HEADER_BYTES = 24;
/** Where a page says how far behind its header its entries begin; before them may be what is left of an older page. */
const ENTRIES_AT = 22;

/** Overwrites with zeros each page of lmdb's file that has an entry with `text`. @returns how many */
export function damagePages(file: string, text: string): number {
  const bytes = readFileSync(file);
  let damaged = 0;
  for (let at = 0; at < bytes.length; at += PAGE_BYTES) {
    const page = bytes.subarray(at, at + PAGE_BYTES);
    if (!page.includes(text, HEADER_BYTES + page.readUInt16LE(ENTRIES_AT))) continue;
    page.fill(0);
    damaged++;
  }
  writeFileSync(file, bytes);
  return damaged;
}
