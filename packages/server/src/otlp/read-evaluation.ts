import type { Evaluation } from '@downhaul/control';
import { type Attributes, textAt, wholeAt } from './attributes.ts';
import { type Told, tellRefused } from './told.ts';

/**
 * Takes the evaluation that attributes tell of, by the names of the semantic conventions of today and of before
 * 1.34. One that names no variant or no time is refused; where no flag is named, there is none.
 */
export function readEvaluation(
  told: Told,
  attributes: Attributes,
  at: { readonly traceId: string; readonly atMs: number },
): void {
  const flag = textAt(attributes, 'feature_flag.key');
  const variant = textAt(attributes, 'feature_flag.result.variant', 'feature_flag.variant');
  if (flag === undefined) return;
  if (variant === undefined)
    return tellRefused(told, { flag, text: 'an evaluation names no variant.' });
  if (at.atMs === 0) return tellRefused(told, { flag, text: 'an evaluation names no time.' });
  const unit = textAt(attributes, 'feature_flag.context.id');
  const version = wholeAt(attributes, 'feature_flag.version');
  const evaluation: Evaluation = {
    ...at,
    flag,
    variant,
    ...(unit === undefined ? {} : { unit }),
    ...(version === undefined ? {} : { version }),
  };
  told.evaluations.push(evaluation);
}
