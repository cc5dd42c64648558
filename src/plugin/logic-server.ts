import { Injectable } from '@nestjs/common';
import { declareServer, type PlainClass } from './declarations.js';

export interface LogicServerOptions {
  /** as logs and the admin API name it */
  readonly name: string;
  readonly version: string;
  /**
   * A class with decorators of class-validator. The hub fills it from `plugins.NAME.config`, checks it, and injects it by
   * its class. Values that its constructor sets are the defaults.
   */
  readonly config?: PlainClass;
}

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
