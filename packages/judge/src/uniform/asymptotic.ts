import { JudgeInputError } from '../error/judge-input-error.ts';
import { requireAlpha } from '../error/require.ts';
import { requirePositive } from '../error/require-figure.ts';

/** Settings of an asymptotic confidence sequence. */
export interface AsymptoticSetting {
  /** Values seen so far, both arms together. */
  readonly count: number;
  /** Number of values at which the interval should be tightest; fixed in advance. */
  readonly tunedFor: number;
  /** Above 0; below 0.5 when one-sided. */
  readonly alpha: number;
  readonly sides: 'one' | 'two';
}

/**
 * The half width of an asymptotic confidence sequence in standard errors: what replaces 1.96 when one
 * may look after every value. Valid in the limit of many values only, so not for rare events.
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, "Time-uniform central limit theory and asymptotic
 * confidence sequences", Annals of Statistics 2024, equations 9 (two-sided) and 134 (one-sided).
 */
export function asymptoticZ(setting: AsymptoticSetting): number {
  requirePositive('count', setting.count);
  const { sides, alpha, count } = setting;
  const scaled = count * squaredRho(setting);
  const grown = scaled + 1;
  const log =
    sides === 'two'
      ? Math.log(Math.sqrt(grown) / alpha)
      : Math.log1p(Math.sqrt(grown) / (2 * alpha));
  return Math.sqrt(((2 * grown) / scaled) * log);
}

/**
 * Natural logarithm of the e-value behind the two-sided sequence, for an estimate of `z` standard errors.
 * Source: as above, equation 155.
 */
export function logAsymptoticE(z: number, setting: AsymptoticSetting): number {
  requirePositive('count', setting.count);
  const scaled = setting.count * squaredRho({ ...setting, sides: 'two' });
  return (scaled * z * z) / (2 * (scaled + 1)) - 0.5 * Math.log1p(scaled);
}

function squaredRho({ tunedFor, alpha, sides }: AsymptoticSetting): number {
  requirePositive('tunedFor', tunedFor);
  requireAlpha('alpha', alpha);
  if (sides === 'one' && alpha >= 0.5) {
    throw new JudgeInputError(
      'alpha_out_of_range',
      'alpha',
      `alpha is ${alpha}; below 0.5 is accepted for a one-sided interval`,
    );
  }
  const log = -2 * Math.log(sides === 'two' ? alpha : 2 * alpha);
  return (log + Math.log1p(log)) / tunedFor;
}
