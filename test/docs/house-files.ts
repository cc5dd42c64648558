import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is made and not written: it belongs to no reader. */
const MADE = new Set(['.git', 'node_modules', 'dist', 'coverage', 'data', 'package-lock.json']);

/** Paths of all files of the project that somebody wrote, from its root. */
export function houseFiles(folder = ''): string[] {
  return readdirSync(folder || '.', { withFileTypes: true }).flatMap((entry) => {
    if (MADE.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? houseFiles(path) : [path];
  });
}

export function documents(): string[] {
  return houseFiles().filter((path) => path.endsWith('.md'));
}

/** A file's text with an LF at the end of each line. */
export function textOf(path: string): string {
  return readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
}

/** A document without its code blocks, in which nothing is a link or a heading. */
export function proseOf(path: string): string {
  return textOf(path).replace(/^(```|~~~).*?^\1$/gms, '');
}

/** The blocks between fences of one language: `sh`, `ts`. */
export function codeBlocks(path: string, language: string): string[] {
  const fenced = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return Array.from(textOf(path).matchAll(fenced), ([, code = '']) => code);
}
