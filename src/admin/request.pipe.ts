import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, type ValidationError, validate } from 'class-validator';
import { type ErrorCode, HubError } from '../channels/hub-error.js';
import type { RuleContext } from './rules.js';

type Form = new () => object;

/** Makes queries and bodies instances of the class that a handler names for them, and refuses what breaks its rules. */
@Injectable()
export class RequestPipe implements PipeTransform {
  /** @throws HubError with the code of the first rule that is broken, and a sentence for each */
  async transform(value: unknown, { metatype, type }: ArgumentMetadata): Promise<unknown> {
    if (type !== 'query' && type !== 'body') return value;
    const form = metatype as Form;
    const written = type === 'query' ? (value as object) : objectIn(value);
    // Not by class-validator's whitelist, which never sees a "__proto__".
    const unknown = Object.keys(written).filter((name) => !namesOf(form).includes(name));
    const made = plainToInstance(form, written, { exposeDefaultValues: true });
    const errors = await validate(made, { forbidUnknownValues: false });
    if (unknown.length === 0 && errors.length === 0) return made;
    const otherwise: ErrorCode = type === 'query' ? 'bad_request' : 'invalid_payload';
    const sentences = [...unknown.slice(0, 3).map((name) => unknownSentence(name, form)), ...errors.map(sentenceOf)];
    throw new HubError(unknown.length > 0 ? otherwise : (codeOf(errors[0]) ?? otherwise), sentences.join(' '));
  }
}

function objectIn(body: unknown): object {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  throw new HubError('invalid_payload', 'The body must be a JSON object; /admin/openapi.json has its form.');
}

function namesOf(form: Form): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(form, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))];
}

function unknownSentence(name: string, form: Form): string {
  const names = namesOf(form).map((known) => `"${known}"`);
  const allowed = names.length === 0 ? 'None is allowed.' : `Allowed are ${names.join(', ')}.`;
  return `"${name.slice(0, 80)}" is not known here. ${allowed}`;
}

function sentenceOf({ constraints = {} }: ValidationError): string {
  return Object.values(constraints).join(' ');
}

function codeOf(error: ValidationError | undefined): ErrorCode | undefined {
  const [context] = Object.values(error?.contexts ?? {}) as RuleContext[];
  return context?.code;
}
