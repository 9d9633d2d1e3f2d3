/** Why a source gave no figure. Stands in telemetry, so codes stay. */
type FailureCode =
  | 'server_unknown'
  | 'secret_missing'
  | 'timeout'
  | 'unreachable'
  | 'redirected'
  | 'status'
  | 'not_json'
  | 'too_large'
  | 'refused'
  | 'partial'
  | 'many_series'
  | 'no_series'
  | 'not_a_number'
  | 'negative'
  | 'more_bad_than_total';

const MOST = 300;

/** A reading that failed: a stable code and one sentence that names no secret. */
export class SourceFailure extends Error {
  readonly code: FailureCode;
  /** Whether it may be over in a moment, so that asking again makes sense. */
  readonly passing: boolean;

  constructor(code: FailureCode, message: string, passing = false) {
    super(message.length > MOST ? `${message.slice(0, MOST - 1)}…` : message);
    this.name = 'SourceFailure';
    this.code = code;
    this.passing = passing;
  }

  /** Whatever `fetch` throws, as one of ours. */
  static from(error: unknown): SourceFailure {
    if (error instanceof SourceFailure) return error;
    if (error instanceof Error && error.name === 'OptionError') {
      return new SourceFailure('secret_missing', error.message);
    }
    if (error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name)) {
      return new SourceFailure('timeout', 'It did not answer in time.', true);
    }
    const cause = (error as { readonly cause?: { readonly code?: unknown } } | null)?.cause?.code;
    const known = typeof cause === 'string' ? ` (${cause})` : '';
    return new SourceFailure('unreachable', `It cannot be reached${known}.`, true);
  }
}
