import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, type ValidationError, validate } from 'class-validator';
import { HubError } from '../channels/hub-error.js';
import type { RuleContext } from './rules.js';

type Checked = new () => object;

/** Makes queries and bodies instances of the class that a handler names for them, and refuses what breaks its rules. */
@Injectable()
export class RequestPipe implements PipeTransform {
  /** @throws HubError with the code of the first rule that is broken, and a sentence for each */
  async transform(value: unknown, { metatype, type }: ArgumentMetadata): Promise<unknown> {
    if (type !== 'query' && type !== 'body') return value;
    const form = metatype as Checked;
    if (type === 'body' && !isObject(value)) {
      throw new HubError('invalid_payload', 'The body must be a JSON object; /admin/openapi.json has its form.');
    }
    const made = plainToInstance(form, value, { exposeDefaultValues: true });
    const errors = await validate(made, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
    if (errors.length > 0) throw refusal(errors, form, type);
    return made;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refusal(errors: readonly ValidationError[], form: Checked, type: 'query' | 'body'): HubError {
  const isQuery = type === 'query';
  const [context] = Object.values(errors[0]?.contexts ?? {}) as RuleContext[];
  const sentences = errors.map(({ property, constraints = {} }) => {
    if (constraints.whitelistValidation === undefined) return Object.values(constraints).join(' ');
    const kind = isQuery ? 'parameter' : 'member of the body';
    return `"${property.slice(0, 80)}" is no ${kind} here. ${allowedNames(form)}`;
  });
  return new HubError(context?.code ?? (isQuery ? 'bad_request' : 'invalid_payload'), sentences.join(' '));
}

function allowedNames(form: Checked): string {
  const rules = getMetadataStorage().getTargetValidationMetadatas(form, '', false, false);
  const names = [...new Set(rules.map(({ propertyName }) => `"${propertyName}"`))];
  return names.length === 0 ? 'None is allowed.' : `Allowed are ${names.join(', ')}.`;
}
