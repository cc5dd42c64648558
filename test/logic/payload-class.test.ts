import 'reflect-metadata';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { Exclude, Expose, plainToInstance, Transform, Type } from 'class-transformer';
import {
  Allow,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Max,
  Min,
  Validate,
  ValidateIf,
  ValidateNested,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
  validateSync,
} from 'class-validator';
import fc from 'fast-check';
import { PayloadClass } from '../../src/logic/running/payload-class.js';
import { storageIn, transformerStorage } from '../../src/logic/running/transformer-storage.js';
import type { PlainClass } from '../../src/plugin/logic-server-options.js';

class Bare {
  a: unknown = 'unset';
}

class Numbers {
  @IsNumber()
  @Min(-2)
  @Max(2)
  a!: number;

  @IsOptional()
  @IsInt()
  b?: number;
}

class Inherited extends Numbers {
  @IsString()
  c = 'given';
}

@ValidatorConstraint({ name: 'sameAsA' })
class SameAsA implements ValidatorConstraintInterface {
  validate(value: unknown, about?: { readonly object: object }): boolean {
    return (about as { object: Own }).object.a === value;
  }

  defaultMessage(): string {
    return 'b must be a';
  }
}

class Own {
  @Allow()
  a: unknown;

  @Validate(SameAsA)
  b: unknown;

  @ValidateIf(({ a }: Own) => a === 1)
  @IsIn([1, 2])
  c: unknown;
}

class Grouped {
  @IsString({ groups: ['some'], message: 'a of a group' })
  a: unknown;

  @IsNumber({}, { each: true })
  b: unknown;
}

class Inner {
  @IsNumber()
  a!: number;
}

class Outer {
  @Type(() => Inner)
  @ValidateNested()
  a!: Inner;

  @Type(() => String)
  b: unknown;
}

class Changed {
  @Transform(({ value }) => String(value).length)
  a: unknown;

  @Expose({ name: 'b' })
  renamed: unknown;

  @Exclude()
  c: unknown;
}

class WithMethods {
  held = () => 1;
  a = 1;

  b(): number {
    return 2;
  }

  get c(): number {
    return 3;
  }

  set d(value: number) {
    this.a = value;
  }
}

const classes: readonly PlainClass[] = [Bare, Numbers, Inherited, Own, Grouped, Outer, Changed, WithMethods];

const key = fc.constantFrom('a', 'b', 'c', 'd', 'held', 'renamed', 'toString', 'constructor', '__proto__', 'then');
const primitive = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom<unknown>(1.5, null, true, '', 'x', '1'));
const value = fc.oneof(primitive, fc.array(primitive, { maxLength: 2 }), fc.dictionary(key, primitive, { maxKeys: 2 }));
const payload = fc.array(fc.tuple(key, value), { maxLength: 4 }).map((entries) => {
  const members = entries.map(([name, of]) => `${JSON.stringify(name)}:${JSON.stringify(of)}`);
  return `{${members.join(',')}}`;
});

/** What an instance is and what is wrong with it, or what was thrown. */
function shown(make: () => object, faults: (instance: object) => readonly { toString(): string }[]) {
  try {
    const instance = make();
    const own = Object.entries(Object.getOwnPropertyDescriptors(instance)).filter(([name]) => name !== 'held');
    return { of: Object.getPrototypeOf(instance), own, faults: faults(instance).map(String) };
  } catch (error) {
    return String(error);
  }
}

const { MetadataStorage } = createRequire(import.meta.url)('class-transformer/cjs/MetadataStorage.js');

describe('A payload class', () => {
  it.each(classes.map((type) => [type.name, type] as const))(
    'fills and checks as the libraries do: %s',
    (_name, type) => {
      const payloadClass = new PayloadClass(type, transformerStorage);
      fc.assert(
        fc.property(payload, (json) => {
          const ours = shown(
            () => payloadClass.fill(JSON.parse(json)),
            (instance) => payloadClass.faultsOf(instance),
          );
          const theirs = shown(
            () => plainToInstance(type, JSON.parse(json) as object),
            (instance) => validateSync(instance, { forbidUnknownValues: false }),
          );
          expect(ours).toEqual(theirs);
        }),
        { numRuns: 300 },
      );
    },
  );

  it('goes on with a device that sends ever new names', () => {
    const payloadClass = new PayloadClass(Bare, transformerStorage);
    for (let i = 0; i < 1_000; i++) expect(payloadClass.fill({ [`n${i}`]: i })).toEqual({ a: 'unset', [`n${i}`]: i });
  });

  it.each(classes.map((type) => [type.name, type] as const))(
    'is filled by the library where nobody knows what its decorators say: %s',
    (_name, type) => {
      const payloadClass = new PayloadClass(type, undefined);
      const json = { a: 1, b: '2' };
      const filled = payloadClass.fill(json);
      expect(filled).toBeInstanceOf(type);
      expect(JSON.stringify(filled)).toBe(JSON.stringify(plainToInstance(type, json)));
    },
  );
});

describe('What the decorators of class-transformer say', () => {
  it('is found in the version that is installed', () => {
    expect(transformerStorage?.findTypeMetadata(Outer, 'a')).toBeDefined();
    expect(transformerStorage?.findTypeMetadata(Bare, 'a')).toBeUndefined();
  });

  it.each([
    [
      'is not there any more',
      () => {
        throw new Error('Cannot find module');
      },
    ],
    ['holds something else', () => ({})],
    ['is not the one that decorators fill', () => ({ defaultMetadataStorage: new MetadataStorage() })],
  ])('is not known when the module %s', (_, load) => {
    expect(storageIn(load)).toBeUndefined();
  });
});
