import type { ProblemList } from './problems.ts';
import type { Members } from './shape.ts';

/** A part of a flag on its way through validation. */
export interface FlagPlace {
  readonly path: string;
  readonly segments: Members | undefined;
  readonly variants: Members;
}

/** Reports a variant that the flag does not have. */
export function checkVariantName(
  variant: unknown,
  { path, variants }: FlagPlace,
  list: ProblemList,
): void {
  if (typeof variant === 'string' && Object.hasOwn(variants, variant)) return;
  list.add(path, `must be one of the variants ${Object.keys(variants).slice(0, 20).join(', ')}`);
}
