import { describe, expect, it } from '@jest/globals';
import { hasAmbiguousRepetition } from '../../src/locations/ambiguous-repetition.js';

describe('A repetition', () => {
  it.each([
    '(a+)+',
    '((b+)+)',
    '([a-z]+-?)+',
    '(?<word>\\w+\\s?)*',
    '(a|a)*',
    '(\\w|\\d)*',
    '(a|[a-c])*',
    '(a?a?)*',
    '(^a|a)*',
    '(?:a|(?=b)b|b)*',
    '(?:[a-z]+){12}',
    '(?:\\w+\\.?){2,40}',
    '(.+/)+',
    '(/(?:x|[a-z]+))*(\\w*-?)*',
    '(x\\1?y)*',
    '(?:\\u{61}+[\\]a]*)*',
  ])('is ambiguous in %s', (source) => {
    expect(() => new RegExp(source, 'u')).not.toThrow();
    expect(hasAmbiguousRepetition(source)).toBe(true);
  });

  it.each([
    '',
    '^/sub/[^/]+/(\\w+)$',
    '^/sub(?:/[^/]+)*$',
    '(?:\\w+\\.)+',
    '(?:\\w+[.])+',
    '(?:%[0-9a-f]{2}|[a-z])+',
    '(?:sub|pub)+',
    '(a{2})+',
    '(\\++x)*',
    '(?:/[a-z]+){1,5}',
    '(a+)?(b*)?',
    '\\(a+\\)+',
    '[(a+)]+',
    '(?:a|(?:b|c)d)*',
    '(?!/x)/[^/]+',
  ])('is not in %s', (source) => {
    expect(() => new RegExp(source, 'u')).not.toThrow();
    expect(hasAmbiguousRepetition(source)).toBe(false);
  });
});
