import type { Evaluation } from '@downhaul/control';
import { type Attributes, textAt, wholeAt } from './attributes.ts';

/**
 * The evaluation that attributes tell of, by the names of the semantic conventions of today and of before
 * 1.34; undefined where they name no flag or no variant.
 */
export function readEvaluation(
  attributes: Attributes,
  at: { readonly traceId: string; readonly atMs: number },
): Evaluation | undefined {
  const flag = textAt(attributes, 'feature_flag.key');
  const variant = textAt(attributes, 'feature_flag.result.variant', 'feature_flag.variant');
  if (flag === undefined || variant === undefined) return undefined;
  const unit = textAt(attributes, 'feature_flag.context.id');
  const version = wholeAt(attributes, 'feature_flag.version');
  return {
    ...at,
    flag,
    variant,
    ...(unit === undefined ? {} : { unit }),
    ...(version === undefined ? {} : { version }),
  };
}
