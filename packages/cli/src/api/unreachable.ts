import { CommandError } from '../error.ts';
import { EXIT, exitCodeOf } from '../exit-code.ts';

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name of the host could not be resolved',
  EHOSTUNREACH: 'no route to the host',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
};

/** The error for a request that got no whole answer. */
export function unreachable(url: string, error: unknown): CommandError {
  return new CommandError(
    {
      exitCode: EXIT.unreachable,
      code: 'cli_unreachable',
      message: `cannot reach ${url}: ${reasonOf(error)}`,
      hints: ['name the server with --url or DOWNHAUL_URL, or start one with `downhaul serve`'],
    },
    { cause: error },
  );
}

/** The error for a success that is no JSON: something else listens at that address. */
export function notDownhaul(url: string): CommandError {
  return new CommandError({
    exitCode: EXIT.unreachable,
    code: 'cli_not_downhaul',
    message: `${url} answers, but not as a Downhaul server does`,
    hints: ['name the server with --url or DOWNHAUL_URL'],
  });
}

/** The error for a run that was ended by a signal. */
export function interruption(interrupted: AbortSignal): CommandError {
  const exitCode = exitCodeOf(interrupted.reason);
  const isCtrlC = exitCode === EXIT.interrupted;
  const message = isCtrlC ? 'interrupted' : `ended by ${String(interrupted.reason)}`;
  return new CommandError({ exitCode, code: 'cli_interrupted', message });
}

function reasonOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'TimeoutError') return 'no answer in time';
    const code = (cause as NodeJS.ErrnoException).code;
    if (code !== undefined) return reasons[code] ?? `${code} ${cause.message}`;
  }
  const innermost = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return innermost instanceof Error ? innermost.message : String(innermost);
}
