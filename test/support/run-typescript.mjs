/** `node --import ./test/support/run-typescript.mjs src/main.ts` runs the hub out of its sources, without a build. */
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
