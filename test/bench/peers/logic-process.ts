import { fileURLToPath } from 'node:url';
import { OwnProcess } from '../own-process.js';

/** A program in `logic/`: the thermostat as a process of its own. */
export type LogicProgram = 'nchan-logic' | 'nchan-http-logic' | 'signalbox-logic';

/**
 * Starts one and waits until it asks for events.
 * @param task what it is told as JSON: see its file
 * @throws BenchFault when it ends instead
 */
export async function startLogic(program: LogicProgram, node: string, task: unknown): Promise<OwnProcess> {
  const file = fileURLToPath(new URL(`../logic/${program}.js`, import.meta.url));
  const logic = await OwnProcess.start('The logic process', node, [file, JSON.stringify(task)]);
  await logic.untilSays('ready');
  return logic;
}
