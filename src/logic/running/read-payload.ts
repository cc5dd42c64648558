import type { ValidationError } from 'class-validator';
import type { PlainClass } from '../../plugin/logic-server-options.js';
import { PayloadClass } from './payload-class.js';
import { messageOf } from './reader-surroundings.js';
import { transformerStorage } from './transformer-storage.js';

/** A payload as its class has it, or a sentence with what is wrong. */
export type Payload =
  | { readonly isValid: true; readonly data: unknown }
  | { readonly isValid: false; readonly fault: string };

/** Faults that a sentence names. */
const MAX_NAMED_FAULTS = 3;

/**
 * Reads an event's body as JSON and checks it.
 * @param type undefined: any JSON will do, and an empty body, which gives undefined
 */
export function readPayload(body: Buffer, type: PlainClass | undefined): Payload {
  if (body.length === 0 && !type) return { isValid: true, data: undefined };
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch (error) {
    return { isValid: false, fault: `it is not JSON: ${messageOf(error)}` };
  }
  if (!type) return { isValid: true, data: json };
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return { isValid: false, fault: 'it is not a JSON object' };
  }
  return checked(known(type), json);
}

const knownClasses = new WeakMap<PlainClass, PayloadClass>();

function known(type: PlainClass): PayloadClass {
  let payloadClass = knownClasses.get(type);
  if (!payloadClass) {
    payloadClass = new PayloadClass(type, transformerStorage);
    knownClasses.set(type, payloadClass);
  }
  return payloadClass;
}

function checked(payloadClass: PayloadClass, json: object): Payload {
  try {
    const data = payloadClass.fill(json);
    const errors = payloadClass.faultsOf(data);
    if (errors.length === 0) return { isValid: true, data };
    return { isValid: false, fault: faultsIn(errors).slice(0, MAX_NAMED_FAULTS).join('; ') };
  } catch (error) {
    // A payload nested too deep for the stack, names that are those of JavaScript's own properties, a class that throws.
    return { isValid: false, fault: `it does not fit ${payloadClass.name}: ${messageOf(error)}` };
  }
}

function faultsIn(errors: readonly ValidationError[]): string[] {
  return errors.flatMap(({ constraints = {}, children = [] }) => [
    ...Object.values(constraints),
    ...faultsIn(children),
  ]);
}
