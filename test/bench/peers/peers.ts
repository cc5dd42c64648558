import { BenchFault } from '../bench-fault.js';
import { nchan } from './nchan.js';
import type { Peer, PeerName } from './peer.js';
import { BUILT_HERE, signalbox } from './signalbox.js';

export interface PeerOptions {
  /** the Node.js for the peers' processes */
  readonly node: string;
  /** the folder of another build of Signalbox, for `signalbox-before` */
  readonly before: string | undefined;
}

/** The peer of a name, ready to be started. @throws BenchFault when it is not installed */
export function peerNamed(name: PeerName, { node, before }: PeerOptions): Peer {
  switch (name) {
    case 'signalbox':
      return signalbox({ name, node, folder: BUILT_HERE, fastLane: true });
    case 'signalbox-fastify':
      return signalbox({ name, node, folder: BUILT_HERE, fastLane: false });
    case 'signalbox-before':
      if (before === undefined) throw new BenchFault('signalbox-before is measured with --before FOLDER.');
      return signalbox({ name, node, folder: before, fastLane: true });
    case 'nchan':
      return nchan(node);
  }
}
