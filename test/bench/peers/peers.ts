import { nchan } from './nchan.js';
import type { Peer, PeerName } from './peer.js';
import { signalbox } from './signalbox.js';

/** The peer of a name, ready to be started. @param node the Node.js for its processes @throws BenchFault when it is not installed */
export function peerNamed(name: PeerName, node: string): Peer {
  switch (name) {
    case 'signalbox':
      return signalbox(node, true);
    case 'signalbox-fastify':
      return signalbox(node, false);
    case 'nchan':
      return nchan(node);
  }
}
