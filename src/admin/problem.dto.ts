import { applyDecorators } from '@nestjs/common';
import { type ErrorCode, errorCatalogue, HubError } from '../channels/hub-error.js';
import { PROBLEM_TYPE, type ProblemDetails, problemDetails } from '../channels/problem-details.js';
import { ApiExtraModels, ApiProperty, ApiResponse } from './documented.dto.js';

/** What every error of this API looks like. */
export class Problem implements ProblemDetails {
  @ApiProperty({ description: 'The kind of error as a URI.', example: 'urn:signalbox:error:channel_not_found' })
  type!: string;

  @ApiProperty({ description: 'The code in words.', example: 'Channel not found' })
  title!: string;

  @ApiProperty({ description: 'The HTTP status.', type: 'integer', example: 404 })
  status!: number;

  @ApiProperty({
    description: 'What happened, the value and what is allowed.',
    example: 'There is no channel "devices/fan-1/commands".',
  })
  detail!: string;

  @ApiProperty({ description: 'For programs; docs/errors.md lists them.', enum: Object.keys(errorCatalogue) })
  code!: ErrorCode;
}

/** What may go wrong with any request to this API. */
const ANYWHERE: readonly ErrorCode[] = ['misdirected_request', 'internal'];

const sentences: Partial<Record<ErrorCode, string>> = {
  bad_request: '"limt" is not known here. Allowed are "group", "prefix", "after", "limit".',
  bad_json: 'The body is not JSON: Unexpected end of JSON input',
  invalid_limit: '"limit" is 0. A whole number from 1 to 1000 is allowed.',
  channel_not_found: 'There is no channel "devices/fan-1/commands".',
  body_too_large: 'The message has 2000000 bytes; 1048576 at most are taken here. Nothing was stored.',
  unsupported_media_type: 'A body is taken as JSON only: send it with "Content-Type: application/json".',
  misdirected_request: 'This API listens on a loopback address and was asked as "hub.example".',
  invalid_payload: '"body" is missing. Text of up to 2097152 characters is allowed.',
  internal: 'The hub failed; its log has the cause beside "fault":"5f0c2a9d".',
  starting: 'The hub does not listen everywhere yet.',
  log_full: 'The message needs 200 bytes, and the hub is full (max_reserved_memory).',
};

/** Describes the errors of an operation: one response a status, with the codes that it comes with. */
export function Fails(...codes: ErrorCode[]): MethodDecorator {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of [...codes, ...ANYWHERE]) {
    const { status } = errorCatalogue[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const responses = Array.from(byStatus, ([status, [first, ...others]]) =>
    problemResponse(status, first as ErrorCode, others),
  );
  return applyDecorators(ApiExtraModels(Problem), ...responses);
}

function problemResponse(status: number, first: ErrorCode, others: readonly ErrorCode[]): MethodDecorator {
  const content = {
    schema: { $ref: `#/components/schemas/${Problem.name}` },
    example: problemDetails(new HubError(first, sentences[first] ?? `See docs/errors.md, ${first}.`)),
  };
  const description = [first, ...others].map((code) => `\`${code}\``).join(' or ');
  return ApiResponse({ status, description, content: { [PROBLEM_TYPE]: content } });
}
