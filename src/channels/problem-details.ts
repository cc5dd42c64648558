import type { ErrorCode, HubError } from './hub-error.js';

/** An error as RFC 9457 has it, with our code beside: what the hub's own APIs answer. */
export interface ProblemDetails {
  /** `urn:signalbox:error:` and the code */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** what happened, the value and the limit */
  readonly detail: string;
  readonly code: ErrorCode;
}

export const PROBLEM_TYPE = 'application/problem+json';

export function problemDetails({ code, status, message }: HubError): ProblemDetails {
  return { type: `urn:signalbox:error:${code}`, title: titleOf(code), status, detail: message, code };
}

function titleOf(code: ErrorCode): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
