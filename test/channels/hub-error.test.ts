import { describe, expect, it } from '@jest/globals';
import { type ErrorCode, errorCatalogue, HubError } from '../../src/channels/hub-error.js';
import { EngineError } from '../../src/engine/message-log.js';

describe('HubError', () => {
  it('carries status and retryable of its code', () => {
    for (const [code, row] of Object.entries(errorCatalogue)) {
      const { status, retryable, message } = new HubError(code as ErrorCode, 'What happened.');
      expect({ status, retryable, message }).toEqual({ ...row, message: 'What happened.' });
    }
  });

  it('takes an engine error over with its code and sentence', () => {
    const cause = new EngineError('log_full', 'There is no room.');
    expect(HubError.from(cause)).toMatchObject({ code: 'log_full', status: 507, message: 'There is no room.', cause });
  });

  it('passes a HubError on as it is', () => {
    const error = new HubError('bad_json', 'The body is not JSON.');
    expect(HubError.from(error)).toBe(error);
  });

  it.each([
    new TypeError('x is undefined'),
    Object.assign(new Error('x is undefined'), { code: 'log_full' }),
    Object.assign(new Error('x is undefined'), { name: 'EngineError', code: 'toString' }),
    'x is undefined',
  ])('makes anything else an internal error with its message', (thrown) => {
    const error = HubError.from(thrown);
    expect(error).toMatchObject({ code: 'internal', status: 500, cause: thrown });
    expect(error.message).toBe('The hub failed: x is undefined');
  });
});
