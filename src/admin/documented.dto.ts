import type * as Swagger from '@nestjs/swagger';

/*
 * The decorators of @nestjs/swagger by their own names. What they note is noted when somebody asks for the document: the
 * package and what it needs are a fifth of all that a start would have to load, and most starts never use it.
 */

type Noted = Pick<
  typeof Swagger,
  | 'ApiBody'
  | 'ApiCreatedResponse'
  | 'ApiExtraModels'
  | 'ApiHeader'
  | 'ApiNoContentResponse'
  | 'ApiOkResponse'
  | 'ApiOperation'
  | 'ApiParam'
  | 'ApiProperty'
  | 'ApiPropertyOptional'
  | 'ApiQuery'
  | 'ApiResponse'
  | 'ApiTags'
>;

const noted: ((swagger: typeof Swagger) => void)[] = [];

export const ApiBody = later('ApiBody');
export const ApiCreatedResponse = later('ApiCreatedResponse');
export const ApiExtraModels = later('ApiExtraModels');
export const ApiHeader = later('ApiHeader');
export const ApiNoContentResponse = later('ApiNoContentResponse');
export const ApiOkResponse = later('ApiOkResponse');
export const ApiOperation = later('ApiOperation');
export const ApiParam = later('ApiParam');
export const ApiProperty = later('ApiProperty');
export const ApiPropertyOptional = later('ApiPropertyOptional');
export const ApiQuery = later('ApiQuery');
export const ApiResponse = later('ApiResponse');
export const ApiTags = later('ApiTags');

/** Loads @nestjs/swagger, which knows then all that was decorated so far, in the order of the decorators. */
export async function loadSwagger(): Promise<typeof Swagger> {
  const swagger = await import('@nestjs/swagger');
  for (const decorate of noted.splice(0)) decorate(swagger);
  return swagger;
}

function later<N extends keyof Noted>(name: N): Noted[N] {
  const decorator =
    (...options: unknown[]) =>
    (...target: unknown[]) => {
      noted.push((swagger) => {
        const make = swagger[name] as (...options: unknown[]) => (...target: unknown[]) => void;
        make(...options)(...target);
      });
    };
  return decorator as unknown as Noted[N];
}
