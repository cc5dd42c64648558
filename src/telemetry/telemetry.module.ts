import { type DynamicModule, Module } from '@nestjs/common';
import { EventLoopMonitor } from './event-loop-monitor.js';
import type { Logger } from './logger.js';
import { LOGGER } from './tokens.js';

export { LOGGER } from './tokens.js';

export interface TelemetryParts {
  readonly logger: Logger;
  /** started and stopped by whoever made it */
  readonly loop: EventLoopMonitor;
}

/** Provides what tells how the process is doing: the logger, by the token LOGGER, and the event loop's delay. */
@Module({})
export class TelemetryModule {
  static with({ logger, loop }: TelemetryParts): DynamicModule {
    return {
      module: TelemetryModule,
      global: true,
      providers: [
        { provide: LOGGER, useValue: logger },
        { provide: EventLoopMonitor, useValue: loop },
      ],
      exports: [LOGGER, EventLoopMonitor],
    };
  }
}
