/** Of a property: whatever JSON can say. */
export const ANYTHING = {
  description: 'Anything that JSON can say.',
  oneOf: [
    { type: 'object', additionalProperties: true },
    { type: 'array', items: {} },
    { type: 'string' },
    { type: 'number' },
    { type: 'boolean' },
    { type: 'null' },
  ],
  example: { celsius: 31.5 },
};

/** Of a property: a whole number that is never negative. */
export function aCount(description: string, example: number) {
  return { type: 'integer', minimum: 0, description, example } as const;
}

/** Of a property: a text. */
export function aText(description: string, example: string) {
  return { type: 'string', description, example } as const;
}

/** Of a property: a JSON object, of whatever members. */
export function anObject(description: string, example: object) {
  return { type: 'object', additionalProperties: true, description, example } as const;
}
