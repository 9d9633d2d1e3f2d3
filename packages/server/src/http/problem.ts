import type { DomainError } from '@downhaul/control';
import { errorCodes, type FastifyError, type FastifyRequest } from 'fastify';
import { CATALOGUE } from '../error/catalogue.ts';
import { Refusal, refusal } from '../error/refusal.ts';
import { StoreFullError, StoreUnwritableError } from '../store/errors.ts';

/** Room is made by people. */
const RETRY_AFTER_SECONDS = 10;

/** Problem details (RFC 9457) with the members of this API. */
interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly path: string;
  readonly accepted?: string;
  readonly details?: DomainError['details'];
  readonly correlationId: string;
}

export function problemOf(error: DomainError, correlationId: string): Problem {
  const { code, message, path, accepted, details } = error;
  return {
    type: `urn:downhaul:error:${code}`,
    title: titleOf(code),
    status: CATALOGUE[code]?.status ?? 500,
    detail: message,
    code,
    path,
    ...(accepted === undefined ? {} : { accepted }),
    ...(details === undefined ? {} : { details }),
    correlationId,
  };
}

/** The same for every occurrence of a code: `flag_type_fixed` is "Flag type fixed". */
function titleOf(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Turns whatever was thrown into a refusal; what nobody foresaw becomes `server_failed`. */
export function toRefusal(error: unknown, request: FastifyRequest): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof StoreFullError) {
    return refusal('storage_full', {}, { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
  if (error instanceof StoreUnwritableError) {
    return refusal('storage_unwritable', { problem: error.problem });
  }
  if (!isFastifyError(error)) return refusal('server_failed');
  if (error.validation) return validationRefusal(error);
  return protocolRefusal(error, request) ?? refusal('server_failed');
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && ('code' in error || 'statusCode' in error);
}

function validationRefusal(error: FastifyError): Refusal {
  const [first] = error.validation ?? [];
  const inBody = error.validationContext === 'body';
  const problem = first?.message ?? 'it has another shape';
  const name = unknownOrMissing(first?.params ?? {});
  const path = `${first?.instancePath ?? ''}${name === undefined ? '' : `/${name}`}`;
  return refusal(inBody ? 'body_invalid' : 'parameter_invalid', { problem }, { path });
}

/** The validator names the object; the place is the property in it. */
function unknownOrMissing(params: Readonly<Record<string, unknown>>): string | undefined {
  for (const key of ['requiredProperties', 'additionalProperties']) {
    const names = params[key];
    if (Array.isArray(names) && typeof names[0] === 'string') return names[0];
  }
  return undefined;
}

function protocolRefusal(error: FastifyError, request: FastifyRequest): Refusal | undefined {
  if (error instanceof errorCodes.FST_ERR_CTP_BODY_TOO_LARGE) {
    return refusal('body_too_large', { limit: request.routeOptions.bodyLimit ?? 0 });
  }
  if (error instanceof errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE) {
    return refusal('content_type_unsupported', { type: request.headers['content-type'] ?? 'none' });
  }
  if (error.statusCode !== undefined && error.statusCode < 500) {
    const code = request.body === undefined ? 'body_malformed' : 'request_malformed';
    return refusal(code, { problem: error.message });
  }
  return undefined;
}
