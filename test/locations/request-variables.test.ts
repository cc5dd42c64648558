import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressOf, argumentOf, cookieOf } from '../../src/locations/request-variables.js';

describe('argumentOf', () => {
  it.each([
    ['id=a', 'a'],
    ['id=a&b=c', 'a'],
    ['x=1&id=a', 'a'],
    ['ID=a', 'a'],
    ['id=first&id=second', 'first'],
    ['Id=first&id=second', 'first'],
    ['id=&id=b', ''],
    ['id&id=b', 'b'],
    ['id', ''],
    ['', ''],
    ['&&id=a&', 'a'],
    ['xid=no&id=a', 'a'],
    ['id2=no&id=a', 'a'],
    ['x=id=no', ''],
    ['id=a=b', 'a=b'],
    ['id=a?b/c', 'a?b/c'],
    ['id=%C3%A9+x%20y', '%C3%A9+x%20y'],
    ['id=a#b', 'a'],
    ['x=1#&id=a', ''],
    ['id#=a', ''],
    ['id=a;id=b', 'a;id=b'],
  ])('finds in %j the id %j', (query, id) => {
    expect(argumentOf(query, 'id=')).toBe(id);
  });

  it('finds what splitting finds', () => {
    const piece = fc.constantFrom('id', 'ID', 'iD', '=', '=', '&', '&', 'a', '1', '#', 'x', '%26');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const query = pieces.join('');
        expect(argumentOf(query, 'id=')).toBe(bySplitting(query, 'id'));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('cookieOf', () => {
  it.each([
    [undefined, ''],
    ['', ''],
    ['sid=a', 'a'],
    ['x=1; sid=a; y=2', 'a'],
    ['SID=a', 'a'],
    ['sid=a;sid=b', 'a'],
    ['  sid = a b  ; c=d', 'a b'],
    ['xsid=no; sid=', ''],
    ['sid', ''],
    ['sid="q=1"', '"q=1"'],
    ['=x; sid=a', 'a'],
  ])('finds in %j the cookie %j', (header, value) => {
    expect(cookieOf(header, 'sid')).toBe(value);
  });
});

describe('addressOf', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['::ffff:c000:207', '::ffff:c000:207'],
  ])('tells %s as %s', (socketAddress, told) => {
    expect(addressOf(socketAddress)).toBe(told);
  });
});

/** The naive model: all arguments in a list, the first that fits. */
function bySplitting(query: string, name: string): string {
  const args = query.replace(/#.*$/, '').split('&');
  const found = args.find((arg) => arg.toLowerCase().startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? '';
}
