import type { Evaluation } from '@downhaul/engine';
import { pointer } from '../document/pointer.ts';
import { sameJson } from '../document/same-json.ts';
import { holdsFor, type UnitCase } from './cases.ts';
import type { Seen } from './types.ts';
import type { View } from './views.ts';

interface Shown {
  readonly unit: UnitCase;
  readonly view: View;
  readonly result: Evaluation | undefined;
}

/** Where in the document of the flag that was changed an effect comes from; '' for another flag's. */
export function placeOf(seen: Seen, { unit, view, result }: Shown): string {
  const { key, environment, after } = seen;
  if (!seen.isTouched) return '';
  const here = pointer('/environments', environment);
  if (result === undefined) return '/environments';
  const value = newValueOf(seen, result.variant);
  if (value !== undefined) return value;
  if (view.name === 'down') return '/safe';
  if (result.rule !== undefined && !OUTSIDE_RULES.has(result.rule)) {
    const rules = after.entry(key)?.rules ?? [];
    const index = rules.findIndex((rule) => holdsFor(unit, rule.if, after.segmentOf));
    if (index >= 0) return `${here}/rules/${index}`;
  }
  return differing(seen) ?? here;
}

const OUTSIDE_RULES: ReadonlySet<string> = new Set(['override', 'conflict', 'requires']);

function newValueOf({ key, before, after }: Seen, variant: string | undefined): string | undefined {
  const old = before.flag(key)?.definition.variants;
  if (old === undefined || variant === undefined || !Object.hasOwn(old, variant)) return undefined;
  const value = after.flag(key)?.definition.variants[variant];
  return sameJson(old[variant], value) ? undefined : pointer('/variants', variant);
}

/** The first part of the document that is another one now, in the order in which it is looked for. */
function differing({ key, environment, before, after }: Seen): string | undefined {
  const here = pointer('/environments', environment);
  const old = before.entry(key);
  const now = after.entry(key);
  if (!sameJson(old?.serve, now?.serve)) return `${here}/serve`;
  if (!sameJson(old?.rules, now?.rules)) return `${here}/rules`;
  if (!sameJson(old?.requires, now?.requires)) return '/requires/flags';
  return sameJson(old?.conflicts, now?.conflicts) ? undefined : '/conflicts';
}
