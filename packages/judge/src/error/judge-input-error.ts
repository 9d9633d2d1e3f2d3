/** Thrown for input that no statistics can be computed from. Nothing was changed. */
export class JudgeInputError extends Error {
  /** Stable, snake_case. */
  readonly code: string;
  /** The field of the input that was wrong. */
  readonly field: string;

  constructor(code: string, field: string, message: string) {
    super(message);
    this.name = 'JudgeInputError';
    this.code = code;
    this.field = field;
  }
}
