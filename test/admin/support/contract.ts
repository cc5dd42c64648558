import { expect } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export interface Described {
  readonly description?: string;
  readonly content?: Readonly<Record<string, { readonly schema: object; readonly example?: unknown }>>;
}

export interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly description?: string }[];
  readonly responses: Readonly<Record<string, Described>>;
}

interface Schema {
  readonly properties?: Readonly<Record<string, object>>;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface ToldAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  /** undefined: no body */
  readonly body: unknown;
}

/** What an OpenAPI document promises, held against answers. Members that the document does not have break it too. */
export class Contract {
  /** `operationId status` of every answer that was checked */
  readonly met = new Set<string>();
  private readonly validators = new Map<object, ValidateFunction>();
  private readonly ajv: Ajv2020;

  constructor(readonly document: OpenApiDocument) {
    // OpenAPI's own words beside those of JSON Schema are no rules.
    this.ajv = new Ajv2020({
      allErrors: true,
      strict: true,
      allowUnionTypes: true,
      keywords: ['components', 'example'],
    });
    addFormats.default(this.ajv);
    const schemas = Object.fromEntries(
      Object.entries(document.components.schemas).map(([name, schema]) => [name, closed(schema)]),
    );
    this.ajv.addSchema({ $id: 'hub', components: { schemas } });
  }

  /** `operationId status` of every response that the document promises. */
  get promised(): string[] {
    return this.operations.flatMap(({ operationId, responses }) =>
      Object.keys(responses).map((status) => `${operationId} ${status}`),
    );
  }

  get operations(): Operation[] {
    return Object.values(this.document.paths).flatMap((methods) => Object.values(methods));
  }

  /** The operation that serves a request; undefined when the document has none. @param path without its query */
  operationAt(method: string, path: string): Operation | undefined {
    const found = Object.entries(this.document.paths).find(([template]) => patternOf(template).test(path));
    return found?.[1][(method === 'HEAD' ? 'GET' : method).toLowerCase()];
  }

  /** Fails when the answer is not one that the document promises. */
  check(method: string, path: string, { status, contentType, body }: ToldAnswer): void {
    const operation = this.operationAt(method, path);
    if (!operation) return this.checkProblem(status, contentType, body);
    const response = operation.responses[status];
    expect({ [operation.operationId]: Object.keys(operation.responses) }).toEqual({
      [operation.operationId]: expect.arrayContaining([String(status)]),
    });
    this.met.add(`${operation.operationId} ${status}`);
    if (method === 'HEAD') return;
    const described = response?.content;
    const type = contentType?.split(';')[0];
    expect(type).toBe(described === undefined ? undefined : Object.keys(described)[0]);
    if (described) expect(this.faultsOf(described[type as string]?.schema as object, body)).toEqual([]);
  }

  /** What of `value` a schema of the document does not allow. */
  faultsOf(schema: object, value: unknown): string[] {
    let validate = this.validators.get(schema);
    if (!validate) {
      validate = this.ajv.compile(absolute(schema));
      this.validators.set(schema, validate);
    }
    validate(value);
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  /** What is no URL of the API, or no method of it, is answered with a problem as well. */
  private checkProblem(status: number, contentType: string | undefined, body: unknown): void {
    if (status === 204) return;
    expect(contentType).toMatch(/^application\/problem\+json/);
    expect(this.faultsOf({ $ref: '#/components/schemas/Problem' }, body)).toEqual([]);
  }
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`);
}

/** The schema with references to the document under its id. */
function absolute<T>(schema: T): T {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"hub#/components/')) as T;
}

function closed(schema: Schema): object {
  return schema.properties ? { ...absolute(schema), additionalProperties: false } : absolute(schema);
}
