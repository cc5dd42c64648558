import { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';
import { type LogSetting, logOf } from '../../contracts/message-log/log-under-test.js';
import { messageLogContract } from '../../contracts/message-log.contract.js';
import type { EngineUnderTest } from '../../contracts/record-table/engine-under-test.js';
import { recordTableContract } from '../../contracts/record-table.contract.js';

function underTest(setting: LogSetting): EngineUnderTest {
  const { clock, maxBytes, maxMessages } = setting;
  const engine = new MemoryEngine({ now: () => clock.now(), maxBytes, maxMessages });
  const restart = async () => {
    await engine.close();
    return underTest(setting);
  };
  return { engine, isDurable: false, restart };
}

messageLogContract('MemoryEngine', (setting) => logOf(underTest(setting)));
recordTableContract('MemoryEngine', underTest);
