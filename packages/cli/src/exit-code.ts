/**
 * What the command's exit code says. Scripts rely on these numbers: a number is never given another
 * meaning, and `downhaul help exit-codes` and the README print this table.
 */
export const EXIT = {
  ok: 0,
  refused: 1,
  usage: 2,
  unreachable: 3,
  unauthorised: 4,
  unproven: 5,
  conflict: 6,
  checkFailed: 7,
  failed: 8,
  rolledBack: 9,
  alarmed: 10,
  storeBehind: 11,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The code of a command that a signal has ended, from the reason of `Io.interrupted`. */
export function exitCodeOf(signal: unknown): ExitCode {
  if (signal === 'SIGTERM') return EXIT.terminated;
  return signal === 'SIGHUP' ? EXIT.hungUp : EXIT.interrupted;
}

interface ExitCodeMeaning {
  readonly code: ExitCode;
  readonly meaning: string;
}

export const exitCodeMeanings: readonly ExitCodeMeaning[] = [
  { code: EXIT.ok, meaning: 'done, or already as asked' },
  { code: EXIT.refused, meaning: 'refused: the server said no and nothing was changed' },
  { code: EXIT.usage, meaning: 'the command line, a file or a document could not be read' },
  { code: EXIT.unreachable, meaning: 'the server could not be reached, or did not answer in time' },
  { code: EXIT.unauthorised, meaning: 'no token, an unknown token, or a token without this right' },
  {
    code: EXIT.unproven,
    meaning: 'in effect, but a rollback proof is still open or missed its deadline',
  },
  {
    code: EXIT.conflict,
    meaning: 'conflict: somebody else changed the same thing meanwhile, or holds it',
  },
  {
    code: EXIT.checkFailed,
    meaning: 'a check found something: a rollout is not ready, or a log does not verify',
  },
  { code: EXIT.failed, meaning: 'the server or this command failed: a defect, please report it' },
  {
    code: EXIT.rolledBack,
    meaning: 'the watched rollout was rolled back, and the rollback is proven',
  },
  {
    code: EXIT.alarmed,
    meaning: 'the watched rollout is completed, and the watch after its completion alarms',
  },
  {
    code: EXIT.storeBehind,
    meaning: 'the store lacks what was acknowledged: no server was started on it',
  },
  { code: EXIT.hungUp, meaning: 'ended by SIGHUP: its terminal was closed' },
  { code: EXIT.interrupted, meaning: 'interrupted with Ctrl-C' },
  { code: EXIT.terminated, meaning: 'ended by SIGTERM' },
];
