import { plainToInstance, TransformationType } from 'class-transformer';
import type { MetadataStorage } from 'class-transformer/types/MetadataStorage.js';
import { getMetadataStorage, type ValidationError, ValidationTypes, validateSync } from 'class-validator';
import type { PlainClass } from '../../plugin/logic-server-options.js';

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
type Constraint = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidatorConstraints']>[number];

/** One decorator of a property, found once and not for each payload. */
interface Check {
  readonly metadata: Metadata;
  readonly constraints: readonly Constraint[];
}

/** What the decorators of one property say. */
interface PropertyRule {
  readonly name: string;
  /** all must hold, or the property is not checked: @IsOptional, @ValidateIf */
  readonly conditions: readonly ((object: object, value: unknown) => boolean)[];
  readonly checks: readonly Check[];
}

/** Keys of which it is remembered that no decorator of class-transformer stands at them. */
const MAX_PLAIN_KEYS = 256;

/**
 * A payload class as the hub fills and checks it, thousands of times a second. class-transformer and class-validator look
 * up every decorator anew for each object, which costs more than a turn's commit; here the common ones are looked up once.
 * Whatever is not common, and every payload with a fault, goes to the libraries themselves: they alone decide what is
 * refused, and why.
 */
export class PayloadClass {
  /** undefined: its decorators are not common */
  private readonly rules: readonly PropertyRule[] | undefined;
  private readonly isFilledPlainly: boolean;
  private readonly plainKeys = new Set<string>();

  /** @param storage what class-transformer's decorators say; undefined: not known, so it fills every payload itself */
  constructor(
    private readonly type: PlainClass,
    private readonly storage: MetadataStorage | undefined,
  ) {
    this.rules = rulesOf(type);
    const { PLAIN_TO_CLASS } = TransformationType;
    this.isFilledPlainly =
      storage?.getStrategy(type) === 'none' &&
      storage.getExposedProperties(type, PLAIN_TO_CLASS).length === 0 &&
      storage.getExcludedProperties(type, PLAIN_TO_CLASS).length === 0;
  }

  get name(): string {
    return this.type.name;
  }

  /** An instance with what `json` holds. @throws what the class's constructor or its decorators throw */
  fill(json: object): object {
    return (this.isFilledPlainly && this.filledPlainly(json)) || plainToInstance(this.type, json);
  }

  /** What is wrong with an instance; empty: nothing. @throws what its decorators throw */
  faultsOf(instance: object): readonly ValidationError[] {
    if (this.rules?.every((rule) => keeps(rule, instance))) return [];
    return validateSync(instance, { forbidUnknownValues: false });
  }

  /** @returns undefined when a value or a key needs more than to be copied */
  private filledPlainly(json: object): object | undefined {
    const instance = new this.type() as Record<string, unknown>;
    for (const key in json) {
      const value = (json as Record<string, unknown>)[key];
      if (typeof value === 'object' && value !== null) return undefined;
      if (!this.isPlain(key) || typeof instance[key] === 'function') return undefined;
      instance[key] = value;
    }
    return instance;
  }

  private isPlain(key: string): boolean {
    if (this.plainKeys.has(key)) return true;
    const { type, plainKeys, storage } = this;
    if (!storage || key in type.prototype || plainKeys.size >= MAX_PLAIN_KEYS) return false;
    if (storage.findTypeMetadata(type, key)) return false;
    const transforms = storage.findTransformMetadatas(type, key, TransformationType.PLAIN_TO_CLASS);
    if (transforms.length > 0) return false;
    plainKeys.add(key);
    return true;
  }
}

function rulesOf(type: PlainClass): readonly PropertyRule[] | undefined {
  const storage = getMetadataStorage();
  const rules = new Map<string, { name: string; conditions: PropertyRule['conditions'][number][]; checks: Check[] }>();
  for (const metadata of storage.getTargetValidationMetadatas(type, '', false, false)) {
    const { propertyName: name } = metadata;
    const rule = rules.get(name) ?? { name, conditions: [], checks: [] };
    rules.set(name, rule);
    if (metadata.type === ValidationTypes.CONDITIONAL_VALIDATION) rule.conditions.push(metadata.constraints[0]);
    else if (metadata.type === ValidationTypes.CUSTOM_VALIDATION && !metadata.each && !metadata.validateIf) {
      rule.checks.push({ metadata, constraints: storage.getTargetValidatorConstraints(metadata.constraintCls) });
    } else if (metadata.type !== ValidationTypes.WHITELIST) return undefined;
  }
  return [...rules.values()];
}

function keeps({ name, conditions, checks }: PropertyRule, object: object): boolean {
  const value = (object as Record<string, unknown>)[name];
  for (const condition of conditions) if (!condition(object, value)) return true;
  for (const { metadata, constraints } of checks) {
    const about = {
      targetName: object.constructor.name,
      property: name,
      object,
      value,
      constraints: metadata.constraints,
    };
    for (const { async, instance } of constraints) if (!async && !instance.validate(value, about)) return false;
  }
  return true;
}
