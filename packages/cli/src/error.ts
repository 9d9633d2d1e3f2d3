import type { ExitCode } from './exit-code.ts';

/** A place in a file that a person wrote; line and column count from 1. */
export interface FilePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The text of that line. */
  readonly text: string;
}

export interface Failure {
  readonly exitCode: ExitCode;
  /** Stable code: the server's, or one of `cli.*` for what this command found out itself. */
  readonly code: string;
  readonly message: string;
  /** JSON pointer into what was sent. */
  readonly path?: string | undefined;
  /** What would be accepted. */
  readonly accepted?: string | undefined;
  readonly details?: unknown;
  readonly place?: FilePlace | undefined;
  /** What to do next, each one sentence or command. */
  readonly hints?: readonly string[] | undefined;
  /** Further problems that one refusal names. */
  readonly more?: readonly Failure[] | undefined;
}

/** The one error that commands throw: everything needed to print it and to choose the exit code. */
export class CommandError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.name = 'CommandError';
    this.failure = failure;
  }

  /** The same error with more known about it. */
  with(more: Partial<Failure>): CommandError {
    return new CommandError({ ...this.failure, ...more }, { cause: this.cause ?? this });
  }
}
