import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';

/** A refusal as the server sends it: RFC 9457 with Downhaul's own members. */
interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly code?: string;
  readonly path?: string;
  readonly accepted?: string;
  readonly details?: unknown;
}

/** The command's error for an answer that is not a success. `body` is the parsed body, if it was JSON. */
export function errorOfResponse(status: number, body: unknown): CommandError {
  const problem = asProblem(body);
  return new CommandError({
    exitCode: exitCodeOf(status, problem.code),
    code: problem.code ?? `http_${status}`,
    message: problem.detail ?? problem.title ?? `the server answered ${status}`,
    path: problem.path,
    accepted: problem.accepted,
    details: problem.details,
    hints: status === 401 ? [tokenHint] : undefined,
  });
}

const tokenHint =
  'give a token with --token-file or DOWNHAUL_TOKEN; a server keeps its first one in admin-token in its data directory';

/** Codes that say: somebody else was faster. Other refusals with status 409 are about the state. */
const conflicts: readonly (string | undefined)[] = ['version_conflict'];

function exitCodeOf(status: number, code: string | undefined): ExitCode {
  if (status === 401 || status === 403) return EXIT.unauthorised;
  if (status === 412 || conflicts.includes(code)) return EXIT.conflict;
  if (isPassing(status)) return EXIT.unreachable;
  return status >= 500 ? EXIT.failed : EXIT.refused;
}

/** Answers that say nothing about the request itself: another try may get through. */
function isPassing(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

function asProblem(body: unknown): Problem {
  if (typeof body !== 'object' || body === null) return {};
  const fields = body as Record<string, unknown>;
  const text = (name: string): Record<string, string> => {
    const value = fields[name];
    return typeof value === 'string' && value !== '' ? { [name]: value } : {};
  };
  return {
    ...text('title'),
    ...text('detail'),
    ...text('code'),
    ...text('path'),
    ...text('accepted'),
    ...(fields['details'] === undefined ? {} : { details: fields['details'] }),
  };
}
