import type { LogSetting, LogUnderTest } from '../contracts/message-log/log-under-test.js';
import { messageLogContract } from '../contracts/message-log.contract.js';
import { LaterMessageLog } from './support/later-message-log.js';
import { memoryLogOn } from './support/made-channels.js';

function underTest({ clock, ...limits }: LogSetting): LogUnderTest {
  const log = new LaterMessageLog(memoryLogOn(clock, limits), 'itself');
  const restart = async () => underTest({ clock, ...limits });
  return { log, isDurable: false, restart, close: () => log.close() };
}

messageLogContract('The engine of these tests that answers later', underTest);
