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
