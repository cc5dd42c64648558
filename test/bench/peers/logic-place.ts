/**
 * Where Signalbox has its logic: in the hub's thread, in a worker thread, or in a process that takes turns over HTTP.
 */
export type LogicPlace = 'inline' | 'worker' | 'external';
