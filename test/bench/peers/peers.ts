import { BenchFault } from '../bench-fault.js';
import { nchan } from './nchan.js';
import type { Durability, EngineName, Peer, PeerName } from './peer.js';
import { BUILT_HERE, type SignalboxBuild, signalbox } from './signalbox.js';

export interface PeerOptions {
  /** the Node.js for the peers' processes */
  readonly node: string;
  /** the folder of another build of Signalbox, for `signalbox-before` */
  readonly before: string | undefined;
  /** what Signalbox keeps its messages in */
  readonly engine: EngineName;
  readonly durability: Durability;
}

/** The peer of a name, ready to be started. @throws BenchFault when it is not installed */
export function peerNamed(name: PeerName, { node, before, engine, durability }: PeerOptions): Peer {
  const build: SignalboxBuild = {
    ...{ name, node, engine, durability },
    folder: BUILT_HERE,
    fastLane: true,
    logic: 'inline',
  };
  switch (name) {
    case 'signalbox':
      return signalbox(build);
    case 'signalbox-memory':
      return signalbox({ ...build, engine: 'memory' });
    case 'signalbox-fastify':
      return signalbox({ ...build, fastLane: false });
    case 'signalbox-worker':
      return signalbox({ ...build, logic: 'worker' });
    case 'signalbox-external':
      return signalbox({ ...build, logic: 'external' });
    case 'signalbox-before':
      if (before === undefined) throw new BenchFault('signalbox-before is measured with --before FOLDER.');
      return signalbox({ ...build, folder: before });
    case 'nchan':
      return nchan(node, { name });
    case 'nchan-http':
      return nchan(node, { name, logic: 'nchan-http-logic' });
    case 'nchan-redis-always':
      return nchan(node, { name, fsync: 'always' });
    case 'nchan-redis-everysec':
      return nchan(node, { name, fsync: 'everysec' });
  }
}
