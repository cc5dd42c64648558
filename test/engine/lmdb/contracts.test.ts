import { logOf } from '../../contracts/message-log/log-under-test.js';
import { messageLogContract } from '../../contracts/message-log.contract.js';
import { recordTableContract } from '../../contracts/record-table.contract.js';
import { lmdbUnderTest } from './support/lmdb-under-test.js';

messageLogContract('LmdbEngine', async (setting) => logOf(await lmdbUnderTest(setting)));
recordTableContract('LmdbEngine', lmdbUnderTest);
