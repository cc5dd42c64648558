import { describe, expect, it } from '@jest/globals';
import { errorCatalogue } from '../../src/channels/hub-error.js';
import { textOf } from './house-files.js';

interface Row {
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
}

const ROW = /^\| `([a-z_]+)` \| (\d{3}) \| (yes|no) \| (\S.*) \|$/gm;

describe('docs/errors.md', () => {
  it('has a row for every error of the catalogue, with its status and whether to try again, and no other', () => {
    const documented = Array.from(
      textOf('docs/errors.md').matchAll(ROW),
      ([, code = '', status, again]): Row => ({ code, status: Number(status), retryable: again === 'yes' }),
    );
    const defined = Object.entries(errorCatalogue).map(([code, row]): Row => ({ code, ...row }));
    const byCode = (a: Row, b: Row) => (a.code < b.code ? -1 : 1);
    expect(documented.sort(byCode)).toEqual(defined.sort(byCode));
  });
});
