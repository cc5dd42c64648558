import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import type { PlainClass } from '../../plugin/logic-server-options.js';
import { messageOf } from './reader-surroundings.js';

/** A payload as its class has it, or a sentence with what is wrong. */
export type Payload =
  | { readonly isValid: true; readonly data: unknown }
  | { readonly isValid: false; readonly fault: string };

/** Faults that a sentence names. */
const MAX_NAMED_FAULTS = 3;

/**
 * Reads an event's body as JSON and checks it.
 * @param PayloadClass undefined: any JSON will do, and an empty body, which gives undefined
 */
export function readPayload(body: Buffer, PayloadClass: PlainClass | undefined): Payload {
  if (body.length === 0 && !PayloadClass) return { isValid: true, data: undefined };
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch (error) {
    return { isValid: false, fault: `it is not JSON: ${messageOf(error)}` };
  }
  if (!PayloadClass) return { isValid: true, data: json };
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return { isValid: false, fault: 'it is not a JSON object' };
  }
  return checked(PayloadClass, json);
}

function checked(PayloadClass: PlainClass, json: object): Payload {
  try {
    const data = plainToInstance(PayloadClass, json);
    const errors = validateSync(data, { forbidUnknownValues: false });
    if (errors.length === 0) return { isValid: true, data };
    return { isValid: false, fault: faultsIn(errors).slice(0, MAX_NAMED_FAULTS).join('; ') };
  } catch (error) {
    // A payload nested too deep for the stack, names that are those of JavaScript's own properties, a class that throws.
    return { isValid: false, fault: `it does not fit ${PayloadClass.name}: ${messageOf(error)}` };
  }
}

function faultsIn(errors: readonly ValidationError[]): string[] {
  return errors.flatMap(({ constraints = {}, children = [] }) => [
    ...Object.values(constraints),
    ...faultsIn(children),
  ]);
}
