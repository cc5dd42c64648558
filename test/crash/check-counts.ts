import { Contents } from '../../src/engine/lmdb/backup/contents.js';
import { Snapshot } from '../../src/engine/lmdb/backup/snapshot.js';

/** Compares what the engine has counted with what lies in the folder of a hub that has stopped. @returns what is wrong */
export async function checkCounts(folder: string): Promise<string[]> {
  const snapshot = await Snapshot.open(folder);
  try {
    const contents = new Contents();
    for (const entry of snapshot.entries()) contents.take(entry);
    const { channels, messages, bytes } = snapshot.state;
    const counted = { channels, messages, bytes };
    const found = { channels: contents.channels, messages: contents.messages, bytes: contents.bytes };
    const isRight = JSON.stringify(counted) === JSON.stringify(found);
    return isRight ? [] : [`the engine counts ${JSON.stringify(counted)}, and stored are ${JSON.stringify(found)}`];
  } finally {
    await snapshot.close();
  }
}
