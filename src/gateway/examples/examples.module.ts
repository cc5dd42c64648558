import { type DynamicModule, Module } from '@nestjs/common';
import type { Clock } from '../../channels/clock.js';
import { ExamplePage } from './example-page.js';
import { ExamplesController, NOW } from './examples.controller.js';

/** Serves the example form at /examples/form. Its file is read once, when the application is built. */
@Module({})
export class ExamplesModule {
  static with(clock: Clock): DynamicModule {
    return {
      module: ExamplesModule,
      controllers: [ExamplesController],
      providers: [
        { provide: ExamplePage, useFactory: () => ExamplePage.form() },
        { provide: NOW, useValue: () => clock.now() },
      ],
    };
  }
}
