import { Module } from '@nestjs/common';
import { ExamplePage } from './example-page.js';
import { ExamplesController } from './examples.controller.js';

/** Serves the example form at /examples/form. Its file is read once, when the application is built. */
@Module({
  controllers: [ExamplesController],
  providers: [{ provide: ExamplePage, useFactory: () => ExamplePage.form() }],
})
export class ExamplesModule {}
