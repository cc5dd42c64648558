import { closeSync, openSync, readSync } from 'node:fs';
import { ConfigError } from '../fault.js';

/** No configuration is larger by hand: bounds what parsing costs. 1 MiB. */
const MAX_FILE_BYTES = 2 ** 20;

/**
 * The text of a configuration file.
 * @param path absolute
 * @param file as messages shall name it
 * @param mayBeAbsent undefined is returned for a file that does not exist
 * @throws ConfigError when it does not exist, cannot be read, is too large or is not UTF-8
 */
export function readConfigFile(path: string, file: string, mayBeAbsent: true): string | undefined;
export function readConfigFile(path: string, file: string, mayBeAbsent: false): string;
export function readConfigFile(path: string, file: string, mayBeAbsent: boolean): string | undefined {
  let content: Buffer;
  try {
    content = readStart(path, MAX_FILE_BYTES + 1);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (mayBeAbsent && code === 'ENOENT') return undefined;
    throw unreadable(file, reasons[code ?? ''] ?? `The file cannot be read: ${message}.`);
  }
  if (content.length > MAX_FILE_BYTES) throw unreadable(file, 'The file is larger than 1M, which no configuration is.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw unreadable(file, 'The file is not UTF-8 text.');
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file. Name a YAML file, or none to use signalbox.yaml or the defaults.',
  EISDIR: 'This is a folder. Name a YAML file in it.',
  EACCES: 'The file may not be read by this user.',
};

function unreadable(file: string, allowed: string): ConfigError {
  return new ConfigError([{ file, line: undefined, key: '', value: undefined, allowed }]);
}

/** Reads pipes as well as files, and stops early whatever their size. */
function readStart(path: string, maxBytes: number): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const content = Buffer.alloc(maxBytes);
    let length = 0;
    for (let read = 1; read > 0 && length < maxBytes; length += read) {
      read = readSync(descriptor, content, length, maxBytes - length, null);
    }
    return content.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}
