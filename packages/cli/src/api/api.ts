import type { DownhaulClient } from '@downhaul/client';
import type { Patience } from './retry.ts';

/** What commands need of the server: questions and changes, each a call of the typed client. */
export interface Api {
  ask<T>(call: Call<T>, options?: AskOptions): Promise<T>;
  /** Sent with one idempotency key however often it is repeated. */
  change<T>(call: Call<T>, options?: ChangeOptions): Promise<T>;
}

/** One request of the client. `how` goes into its options as it is: what every request carries. */
export type Call<T> = (client: DownhaulClient, how: How) => Promise<Answer<T>>;

export type How = {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

/** What the client resolves to: `data` of a success, `error` of a refusal. */
export interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

export interface AskOptions {
  readonly timeoutMs?: number | undefined;
  readonly patience?: Patience | undefined;
}

export interface ChangeOptions extends AskOptions {
  /** Why; kept outside the hash chain of the log. */
  readonly justification?: string | undefined;
  /** The version that was read: the change is refused when it is not the present one any more. */
  readonly ifVersion?: number | undefined;
}
