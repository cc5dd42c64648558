import { Injectable } from '@nestjs/common';
import { declareServer } from './declarations.js';
import type { LogicServerOptions } from './logic-server-options.js';

/** Marks a class as a logic server: a Nest provider whose marked methods get events. */
export function LogicServer(options: LogicServerOptions): ClassDecorator {
  for (const key of ['name', 'version'] as const) {
    if (typeof options[key] === 'string' && options[key] !== '') continue;
    throw new TypeError(`@LogicServer needs a ${key}, as in { name: 'thermostat', version: '1.0.0' }.`);
  }
  return (server) => {
    Injectable()(server);
    declareServer(server, options);
  };
}
