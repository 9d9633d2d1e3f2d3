/** What a figure was over the runs in which there was one. */
export interface Quantiles {
  readonly of: number;
  readonly least: number;
  readonly p1: number;
  readonly p5: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly most: number;
}

/** Nearest-rank quantiles; undefined of nothing. */
export function quantilesOf(values: readonly number[]): Quantiles | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((one, other) => one - other);
  const at = (quantile: number) =>
    sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)] ?? Number.NaN;
  return {
    of: sorted.length,
    least: at(0),
    p1: at(0.01),
    p5: at(0.05),
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    most: at(1),
  };
}
