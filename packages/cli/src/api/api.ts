import type { Patience } from './retry.ts';

/** What commands need of the server: questions and changes, as JSON, relative to `/api/v1`. */
export interface Api {
  /** The server's address, for messages. */
  readonly url: string;
  ask<T>(question: Question): Promise<T>;
  /** Sent with one idempotency key however often it is repeated. */
  change<T>(change: Change): Promise<T>;
}

export interface Question {
  /** Segments of the path, not yet encoded. */
  readonly path: readonly (string | number)[];
  readonly query?: Query | undefined;
  /** Present in a question that needs a body, such as an evaluation context. */
  readonly body?: unknown;
  readonly timeoutMs?: number | undefined;
  readonly patience?: Patience | undefined;
}

export interface Change extends Question {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Why; kept outside the hash chain of the log. */
  readonly justification?: string | undefined;
  /** The version that was read: the change is refused when it is not the present one any more. */
  readonly ifVersion?: number | undefined;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;
