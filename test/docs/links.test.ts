import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { documents, houseFiles, proseOf, textOf } from './house-files.js';

interface Link {
  readonly file: string;
  readonly anchor: string;
}

/** Links of a document to files beside it, and within itself. */
function relativeLinks(path: string): Link[] {
  const targets = Array.from(
    proseOf(path).matchAll(/\]\(([^()\s]+)\)|^\[[^\]]+\]:\s*(\S+)$/gm),
    ([, a, b]) => a ?? b ?? '',
  );
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = '', anchor = ''] = target.split('#');
      return { file: file === '' ? path : join(dirname(path), file), anchor };
    });
}

/** The anchors that a reader of Markdown gives a document's headings. */
function anchorsOf(path: string): string[] {
  const headings = Array.from(proseOf(path).matchAll(/^#+ +(.+?) *$/gm), ([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('Links', () => {
  it.each(documents())('of %s lead to files and headings that exist', (path) => {
    const broken = relativeLinks(path).filter(
      ({ file, anchor }) => !existsSync(file) || (anchor !== '' && !anchorsOf(file).includes(anchor)),
    );
    expect(broken).toEqual([]);
  });

  it('in comments of the source lead to documents and tests that exist', () => {
    const sources = houseFiles().filter((path) => /^(src|plugins|docs)\/.*\.(ts|sh|py|html)$/.test(path));
    const broken = sources.flatMap((path) =>
      Array.from(textOf(path).matchAll(/\b(?:docs|test)\/[\w./-]+\.(?:md|ts|sh|py|html)\b/g), ([named]) => named)
        .filter((named) => !existsSync(named))
        .map((named) => `${path}: ${named}`),
    );
    expect(broken).toEqual([]);
  });
});
