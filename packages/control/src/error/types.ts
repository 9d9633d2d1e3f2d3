import type { JsonValue } from '@downhaul/engine';

/** A refusal: nothing was changed. `code` is one of the error catalogue (docs/errors.md). */
export interface DomainError {
  readonly code: string;
  readonly message: string;
  /** JSON pointer into the input, or '' for the whole of it. */
  readonly path: string;
  /** What would be accepted. */
  readonly accepted?: string;
  /** More facts, for instance what changed meanwhile in a conflict. */
  readonly details?: JsonValue;
}

/** What the catalogue says of one code. `{name}` stands for a fact given when the error is made. */
export interface ErrorEntry {
  /** HTTP status that the API answers with. */
  readonly status: 400 | 403 | 404 | 409 | 422;
  readonly message: string;
  /** What would be accepted, where that is the same for every occurrence. */
  readonly accepted?: string;
  /** What to do about it, as one sentence. */
  readonly remedy: string;
}
