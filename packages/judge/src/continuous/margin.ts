import { JudgeInputError } from '../error/judge-input-error.ts';
import { requireAtLeast } from '../error/require.ts';

/**
 * How much worse the mean of a metric may get: m_T <= (1 + relative) m_C + absolute where higher is worse,
 * m_T >= (1 - relative) m_C - absolute where lower is worse. `absolute` is in the metric's unit.
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

/** Errors: `number_out_of_range`, `margin_impossible` (a mean cannot fall by all of itself). */
export function marginFactors(margin: MeanMargin, field = 'margin'): MarginFactors {
  requireAtLeast(`${field}.relative`, margin.relative, 0);
  requireAtLeast(`${field}.absolute`, margin.absolute, 0);
  const { relative, absolute } = margin;
  if (margin.worse === 'higher') return { sign: 1, factor: 1 + relative, absolute };
  if (relative < 1) return { sign: -1, factor: 1 - relative, absolute };
  throw new JudgeInputError(
    'margin_impossible',
    `${field}.relative`,
    `${field}.relative is ${relative}; below 1 is accepted where lower is worse`,
  );
}
