import { pointer } from '../document/pointer.ts';
import { sameJson } from '../document/same-json.ts';
import { rolloutPosition } from '../rollout/transitions.ts';
import type { FlagState } from '../state/types.ts';
import type { Found, Seen } from './types.ts';

/**
 * The new values of variants that are served already: whoever gets the variant gets the value, at once. However
 * few they are: a variant's value is the feature itself. A value like the safe one is no raise.
 */
export function newValues({ key, environment, before, after }: Seen): readonly Found[] {
  const old = before.flag(key);
  const now = after.flag(key);
  if (old === undefined || now === undefined) return [];
  const safe = old.definition.variants[old.definition.safe];
  const served = variantsServed(old, environment);
  return Object.entries(now.definition.variants).flatMap(([variant, value]) => {
    const had = Object.hasOwn(old.definition.variants, variant);
    if (!had || !served.has(variant) || sameJson(value, safe)) return [];
    if (sameJson(value, old.definition.variants[variant])) return [];
    const place = pointer('/variants', variant);
    return [{ does: 'raises', units: 'part', place, fromRollout: false } as const];
  });
}

/** Every variant that somebody may have: by `serve`, a rule, a rollout, or an override, which may be any. */
function variantsServed({ definition, environments }: FlagState, environment: string): Set<string> {
  const serving = definition.environments[environment];
  const here = environments[environment];
  if (serving === undefined) return new Set();
  if ((here?.overridesCount ?? 0) > 0) return new Set(Object.keys(definition.variants));
  const ruled = serving.rules.flatMap(({ serve, split }) => [
    ...(serve === undefined ? [] : [serve]),
    ...(split?.weights ?? []).filter(([, weight]) => weight > 0).map(([variant]) => variant),
  ]);
  const rollout = here?.rollout;
  const position = rolloutPosition(rollout);
  const isOver = rollout === undefined || position === 'ended';
  const rolled = isOver
    ? []
    : position === 'rolledBack'
      ? [rollout.control]
      : [rollout.to, rollout.control];
  // A rollout that covers everyone may hide `serve`; it is served all the same once that is over.
  return new Set([serving.serve, ...ruled, ...rolled]);
}
