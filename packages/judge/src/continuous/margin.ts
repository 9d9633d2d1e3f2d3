import { JudgeInputError } from '../error/judge-input-error.ts';
import { requireAtLeast } from '../error/require.ts';

/**
 * How much worse the mean of a metric may get: m_T <= m_C + relative |m_C| + absolute where higher is worse,
 * m_T >= m_C - relative |m_C| - absolute where lower is worse. The relative part is of the size of control's
 * mean, so a larger margin tolerates more on either side of 0. `absolute` is in the metric's unit.
 */
export interface MeanMargin {
  readonly relative: number;
  readonly absolute: number;
  readonly worse: 'higher' | 'lower';
}

/** The margin as figures: D = sign (m_T - factor m_C) - absolute is above 0 beyond the margin. */
interface MarginFactors {
  readonly sign: 1 | -1;
  readonly factor: number;
  readonly absolute: number;
}

/**
 * The margin at a mean of control, of which only the sign counts: with s = 1 where higher is worse and -1 where
 * lower is, factor = 1 + s relative from 0 on and 1 - s relative below. Errors as `requireMargin`.
 */
export function marginFactors(margin: MeanMargin, controlMean: number): MarginFactors {
  requireMargin(margin);
  const { relative, absolute } = margin;
  const sign = margin.worse === 'higher' ? 1 : -1;
  const factor = controlMean < 0 ? 1 - sign * relative : 1 + sign * relative;
  return { sign, factor, absolute };
}

/** Errors: `number_out_of_range`, `margin_impossible` (a mean cannot fall by all of itself). */
export function requireMargin(margin: MeanMargin, field = 'margin'): void {
  const { relative, absolute, worse } = margin;
  requireAtLeast(`${field}.relative`, relative, 0);
  requireAtLeast(`${field}.absolute`, absolute, 0);
  if (worse === 'higher' || relative < 1) return;
  throw new JudgeInputError(
    'margin_impossible',
    `${field}.relative`,
    `${field}.relative is ${relative}; below 1 is accepted where lower is worse`,
  );
}
