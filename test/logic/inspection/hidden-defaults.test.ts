import { expect, it } from '@jest/globals';
import { withoutSecrets } from '../../../src/logic/inspection/hidden-defaults.js';

const environment = { API_KEY: 's3cret', PIN: '4711', MODE: 'on', HOME: undefined };
const setting = (value: unknown) => ({ key: 'it', default: value, rules: ['isString'] });
const hidden = { key: 'it', isHidden: true, rules: ['isString'] };

it.each([['s3cret'], ['https://user:s3cret@example.org'], [4711], [{ deep: ['x', 's3cret'] }]])(
  'A default that holds a value of the environment is hidden: %j',
  (value) => expect(withoutSecrets([setting(value)], environment)).toEqual([hidden]),
);

it.each([['secret'], [47], ['on and off'], [null], [true]])('A default of its own is shown: %j', (value) =>
  expect(withoutSecrets([setting(value)], environment)).toEqual([setting(value)]),
);

it('A setting without a default stays as it is', () => {
  const required = { key: 'it', rules: ['isString'] };
  expect(withoutSecrets([required], environment)).toEqual([required]);
});
