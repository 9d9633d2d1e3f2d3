/** Rows, or parts of rows, that the fold could not take: a defect of this server or of a row. */
export interface FoldFault {
  /** Of the last one. */
  readonly sequence: number;
  /** When the first and the last of them were stored. */
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly rows: number;
  /** What was wrong with the first of them. */
  readonly text: string;
}
