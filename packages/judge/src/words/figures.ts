/** A share as people read it: 0.0123 becomes `1.23 %`. */
export function percentText(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0 %';
  const digits = Math.abs(percent) >= 10 ? 0 : Math.abs(percent) >= 1 ? 1 : 3;
  return `${Number(percent.toFixed(digits))} %`;
}

/** A figure with three digits, without an exponent: 1234.5 becomes `1230`. */
export function figureText(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : 'unbounded';
}

/** A time as people say it: `45 s`, `3 min`, `2.5 h`, `4 days`. */
export function durationText(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129_600) return `${Number((seconds / 3600).toFixed(1))} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** How sure a claim is whose null was refuted at ln(1 / alpha): `99 %`, `99.9 %`. */
export function certaintyText(limit: number): string {
  return `${Number((100 * (1 - Math.exp(-limit))).toPrecision(4))} %`;
}
