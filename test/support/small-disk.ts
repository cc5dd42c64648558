import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk in memory that is soon full. */
export class SmallDisk {
  readonly path = mkdtempSync(join(tmpdir(), 'signalbox-disk-'));

  /** @param size as mount has it: `16m` @throws when this user may not mount */
  constructor(size: string) {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', this.path], { stdio: 'pipe' });
    } catch (error) {
      rmdirSync(this.path);
      throw error;
    }
  }

  remove(): void {
    execFileSync('umount', [this.path], { stdio: 'pipe' });
    rmdirSync(this.path);
  }
}

let answer: boolean | undefined;

/** Whether this user may mount; in many containers not even root may. */
export function mayMount(): boolean {
  answer ??= tried();
  return answer;
}

function tried(): boolean {
  try {
    new SmallDisk('1m').remove();
    return true;
  } catch {
    return false;
  }
}
