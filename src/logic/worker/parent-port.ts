import type { MessagePort } from 'node:worker_threads';
import type { MessageEnd } from './line.js';

/**
 * The end of the line to the hub, for the hub's code alone: what a plugin, or a library that takes the thread for its own,
 * would send over the port throws where it is sent, before the hub has to take a copy of it.
 */
export function takeParentPort(port: MessagePort | null): MessageEnd {
  if (!port) throw new Error('This file begins a worker thread, and is no program.');
  const end: MessageEnd = { postMessage: port.postMessage.bind(port), on: port.on.bind(port) };
  port.postMessage = () => {
    throw new Error("parentPort is the hub's alone: a plugin cannot send over it.");
  };
  return end;
}
