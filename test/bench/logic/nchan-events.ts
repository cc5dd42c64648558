/** Where a logic process polls Nchan for the events of all devices. */
export const EVENTS_PATH = '/events/sub';
/** Connections on which it publishes commands: as many as may be published at a time. */
export const PUBLISHER_CONNECTIONS = 16;
