#!/usr/bin/env node
import { run } from './cli/run.js';
import { processTerminal } from './cli/terminal.js';

const terminal = processTerminal();
terminal.exit(await run(process.argv.slice(2), terminal));
