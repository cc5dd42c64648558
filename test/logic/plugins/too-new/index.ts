import { LogicServer, OnEvent } from 'signalbox/plugin';

/** Made for a hub that does not exist yet. */
@LogicServer({ name: 'of-tomorrow', version: '1.0.0', hub: '^999' })
export default class OfTomorrow {
  @OnEvent('devices/+/events/reading')
  handle() {}
}
