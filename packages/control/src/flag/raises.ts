import type { JsonValue, TargetingRule } from '@downhaul/engine';
import { sameJson } from '../document/same-json.ts';
import { isEveryone } from '../plan/audience.ts';
import { WHOLE_PER_MILLION } from '../plan/stage-allocations.ts';
import { rolloutPosition } from '../rollout/transitions.ts';
import type { FlagState } from '../state/types.ts';
import type { FlagDefinition } from './types.ts';

/** An environment in which a definition raises everyone in one step, and what does it. */
interface Raise {
  readonly environment: string;
  /** Place below the environment: `serve`, or `rules/0`. */
  readonly place: string;
}

/**
 * Where a definition raises everyone at once: another `serve` than safe, or another value under its
 * name, or a rule that holds for all; measured by values, so that renaming is no way around.
 */
export function raisesOf(before: FlagState | undefined, after: FlagDefinition): readonly Raise[] {
  return Object.keys(after.environments).flatMap((environment) => {
    const place = raisedBy(before, after, environment);
    return place === undefined ? [] : [{ environment, place }];
  });
}

function raisedBy(
  before: FlagState | undefined,
  after: FlagDefinition,
  environment: string,
): string | undefined {
  const old = before?.definition;
  const base = baseOf(old ?? after);
  const next = after.environments[environment];
  const previous = old?.environments[environment];
  if (next === undefined) return undefined;
  const served = after.variants[next.serve];
  const wasServed = previous && old?.variants[previous.serve];
  const serveRaises = !sameJson(served, base) && !sameJson(served, wasServed);
  if (serveRaises && !isReached(before, environment, next.serve)) return 'serve';
  const index = next.rules.findIndex(
    (rule) =>
      raisesEveryone(after, rule, base) && !isOld(rule, after, { previous: previous?.rules, old }),
  );
  return index < 0 ? undefined : `rules/${index}`;
}

function baseOf({ variants, safe }: FlagDefinition): JsonValue | undefined {
  return variants[safe];
}

/** After a rollout to everyone was completed they have the target already: `serve` only follows. */
function isReached(before: FlagState | undefined, environment: string, serve: string): boolean {
  const rollout = before?.environments[environment]?.rollout;
  const position = rolloutPosition(rollout);
  if (rollout?.to !== serve || (position !== 'completed' && position !== 'watchOver')) return false;
  const most = WHOLE_PER_MILLION - rollout.plan.holdbackPerMillion;
  return rollout.allocations.some(
    ({ audience, sharePerMillion }) => isEveryone(audience) && sharePerMillion >= most,
  );
}

function raisesEveryone(
  { variants }: FlagDefinition,
  { if: condition, serve, split }: TargetingRule,
  base: JsonValue | undefined,
): boolean {
  if (!isEveryone(condition)) return false;
  const served =
    serve === undefined ? (split?.weights ?? []).filter(([, weight]) => weight > 0) : [[serve]];
  return served.length > 0 && served.every(([variant]) => !sameJson(variants[variant], base));
}

function isOld(
  rule: TargetingRule,
  after: FlagDefinition,
  {
    previous,
    old,
  }: {
    readonly previous: readonly TargetingRule[] | undefined;
    readonly old: FlagDefinition | undefined;
  },
): boolean {
  if (
    rule.serve !== undefined &&
    !sameJson(old?.variants[rule.serve], after.variants[rule.serve])
  ) {
    return false;
  }
  return previous?.some((each) => sameJson(each, rule)) ?? false;
}
