import { describe, expect, it } from '@jest/globals';
import { pathOf, verdictOn } from './requirements.js';

describe('a test that needs other programs', () => {
  it('runs where they are installed', () => {
    expect(verdictOn(['sh'])).toEqual({ is: 'run' });
    expect(pathOf('sh')).toMatch(/\/sh$/);
  });

  it('is skipped where one is missing, with what to install', () => {
    expect(verdictOn(['sh', 'python3'], { PATH: '/nowhere' })).toEqual({
      is: 'skip',
      sentence: 'Install a POSIX shell and Python 3 (Debian: apt-get install python3) to run it.',
    });
  });

  it('fails instead where every test must run', () => {
    expect(verdictOn(['curl'], { PATH: '', SIGNALBOX_TEST_ALL: '1' }).is).toBe('fail');
  });
});
