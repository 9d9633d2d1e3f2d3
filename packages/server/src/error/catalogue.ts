import { type DomainErrorCode, ERROR_CATALOGUE } from '@downhaul/control';
import { TEXT_ERRORS } from '@downhaul/engine';

/** What the catalogue says of one code. `{name}` stands for a fact given when the error is made. */
export interface CatalogueEntry {
  /** HTTP status that the API answers with. */
  readonly status: number;
  readonly message: string;
  /** What would be accepted, where that is the same for every occurrence. */
  readonly accepted?: string;
  /** What to do about it, as one sentence. */
  readonly remedy: string;
}

/** Codes of the server itself. A code is never reused for another meaning. */
export const SERVER_CATALOGUE = {
  body_malformed: {
    status: 400,
    message: 'The body is no JSON: {problem}.',
    accepted: 'a complete JSON value',
    remedy: 'Send the whole document as JSON.',
  },
  body_invalid: {
    status: 400,
    message: 'The body does not have the shape of this route: {problem}.',
    remedy: 'Correct the place that `path` names.',
  },
  body_too_large: {
    status: 413,
    message: 'The body is larger than {limit} bytes.',
    accepted: 'a body of at most 1 MB',
    remedy: 'Send less at once.',
  },
  content_type_unsupported: {
    status: 415,
    message: 'The content type `{type}` is not read here.',
    accepted: 'application/json',
    remedy: 'Send JSON and say so.',
  },
  parameter_invalid: {
    status: 400,
    message: 'A parameter is not possible: {problem}.',
    remedy: 'Correct the parameter that `path` names.',
  },
  request_malformed: {
    status: 400,
    message: 'The request cannot be read: {problem}.',
    remedy: 'Send a well-formed HTTP request.',
  },
  request_incomplete: {
    status: 408,
    message: 'The request did not arrive whole in time.',
    accepted: 'its head within 10 s and its body within 30 s',
    remedy: 'Send it again.',
  },
  connections_full: {
    status: 503,
    message:
      'The server has as many connections of SDKs as its limit of open files leaves room for.',
    remedy:
      'Raise the limit of open files (`ulimit -n`), or try again after the seconds that Retry-After names.',
  },
  route_unknown: {
    status: 404,
    message: 'There is no {method} {url}.',
    remedy: 'See /api/v1/openapi.json for what there is.',
  },
  token_missing: {
    status: 401,
    message: 'The request carries no token.',
    accepted: 'a header `Authorization: Bearer dh_…`',
    remedy: 'Send a token that this server issued.',
  },
  token_invalid: {
    status: 401,
    message: 'The token is not one of this server, or was revoked.',
    accepted: 'a header `Authorization: Bearer dh_…`',
    remedy: 'Issue another token.',
  },
  token_right_missing: {
    status: 403,
    message: 'The token `{token}` lacks the right to {right}.',
    remedy: 'Use a token with that right.',
  },
  token_kind_refused: {
    status: 403,
    message: 'A token of kind {kind} is not for this route.',
    remedy: 'SDK routes need an SDK token, all others a person’s, a service’s or the admin’s.',
  },
  token_scope_mismatch: {
    status: 403,
    message: 'The token `{token}` is bound to {bound}, the request is about {asked}.',
    remedy: 'Use a token of that project and environment.',
  },
  segment_not_reached: {
    status: 403,
    message: 'The token is bound to {environment}, where no flag asks for the segment {segment}.',
    remedy: 'Use a token of the project.',
  },
  idempotency_key_reused: {
    status: 409,
    message: 'The idempotency key was used for another command.',
    remedy: 'Make a new key for each command; repeat a key only to repeat the command.',
  },
  idempotency_key_invalid: {
    status: 400,
    message: 'The idempotency key is not possible.',
    accepted: '1 to 200 printable ASCII characters',
    remedy: 'Use a random UUID.',
  },
  instance_missing: {
    status: 400,
    message: 'The request does not say which instance sends it.',
    accepted:
      'a header `downhaul-instance` of 1 to 200 characters, equal to `instance` in the body',
    remedy: 'Send the name that the process chose at its start.',
  },
  instance_unknown: {
    status: 404,
    message: 'There is no instance {instance} in {environment}.',
    remedy: 'Correct its name.',
  },
  instance_ambiguous: {
    status: 409,
    message: 'Several services have an instance {instance} in {environment}: {services}.',
    remedy: 'Say which `service` it is of.',
  },
  instances_too_many: {
    status: 429,
    message: 'The token of {service} has {limit} live instances, as many as one may have.',
    remedy:
      'Give an instance one name for its whole life, say goodbye, or raise `maxInstancesPerToken`.',
  },
  source_unknown: {
    status: 404,
    message: 'Nothing has been heard of {source} in {environment}.',
    remedy: 'Correct the name of the service or instance; see the list of instances.',
  },
  token_without_instances: {
    status: 404,
    message: 'No instance in {environment} has last spoken with the token {token}.',
    remedy: 'Correct the id of the token.',
  },
  telemetry_busy: {
    status: 429,
    message: 'Telemetry waits in a full queue.',
    remedy: 'Send the same report again after the seconds that Retry-After names.',
  },
  telemetry_later: {
    status: 503,
    message: 'Telemetry cannot be judged or stored at this moment.',
    remedy: 'Send the same again after the seconds that Retry-After names: nothing is lost by it.',
  },
  telemetry_invalid: {
    status: 400,
    message: 'The report cannot be taken: {problem}',
    remedy: 'Correct it; a report is answered as a whole.',
  },
  otlp_malformed: {
    status: 400,
    message: 'The body is no OTLP message: {problem}',
    remedy: 'Send protobuf or JSON of OTLP 1, with the content type of it.',
  },
  otlp_type_unsupported: {
    status: 415,
    message: 'OTLP is not read as `{type}`.',
    remedy: 'Send `application/x-protobuf` or `application/json`, plain or as gzip.',
  },
  rehearsal_busy: {
    status: 429,
    message: 'Other rehearsals are being played.',
    remedy: 'Ask again after the seconds that Retry-After names.',
  },
  rehearsal_too_long: {
    status: 503,
    message: 'The rehearsal took longer than {minutes} minutes and was ended.',
    remedy: 'Ask for fewer runs or scenarios.',
  },
  version_unknown: {
    status: 404,
    message: 'There is no version {version} of {environment}.',
    remedy: 'Name a version between the first event of that environment and its present one.',
  },
  segment_not_found: {
    status: 404,
    message: 'There is no segment {segment} in the project {project}.',
    remedy: 'Correct its key.',
  },
  metric_not_found: {
    status: 404,
    message: 'There is no metric {metric} in the project {project}.',
    remedy: 'Correct its key.',
  },
  plan_not_found: {
    status: 404,
    message: 'There is no plan {plan} in the project {project}.',
    remedy: 'Correct its key.',
  },
  proof_not_found: {
    status: 404,
    message: 'The flag {flag} has no rollback proof in {environment}.',
    remedy: 'A proof is opened by a rollback or a down.',
  },
  rollout_plan_missing: {
    status: 422,
    message: 'No plan is given, and the flag declares no rollout there.',
    remedy: 'Give `plan`, or declare a rollout in the document of the flag.',
  },
  evidence_missing: {
    status: 409,
    message: 'There is no evidence yet for {rollout}.',
    remedy: 'Wait for its first closed batch.',
  },
  key_mismatch: {
    status: 400,
    message: 'The path names `{expected}`, the document `{found}`.',
    remedy: 'Use the same key in both.',
  },
  storage_full: {
    status: 507,
    message: 'The disk of the store is full.',
    remedy: 'Make room on it: the server goes on by itself. Flags can still be brought down.',
  },
  storage_unwritable: {
    status: 503,
    message: 'The store cannot be written to: {problem}.',
    remedy: 'Look at the disk and at the rights of its files.',
  },
  server_starting: {
    status: 503,
    message: 'The server is reading its log.',
    remedy: 'Try again in a moment.',
  },
  server_stopping: {
    status: 503,
    message: 'The server is stopping.',
    remedy: 'Try again when it is back.',
  },
  server_failed: {
    status: 500,
    message: 'Something went wrong inside the server.',
    remedy: 'Look for `correlationId` in its log.',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

export type ErrorCode = DomainErrorCode | keyof typeof SERVER_CATALOGUE;

/** Every code that the API can answer with: those of texts, the domain's and the server's. */
export const CATALOGUE: Readonly<Record<string, CatalogueEntry>> = {
  ...TEXT_ERRORS,
  ...ERROR_CATALOGUE,
  ...SERVER_CATALOGUE,
};
