import { type Condition, cut, type JsonValue, murmur3 } from '@downhaul/engine';
import type { FlagState, ProjectState } from '@downhaul/control';

interface Asked {
  readonly key: string;
  readonly environment: string;
  readonly unit: { readonly targetingKey?: string; readonly tenant?: string };
}

/** What a unit should get, told from documents and rollouts by the plainest reading of the words. */
export function valueOf(project: ProjectState, asking: Asked): JsonValue | undefined {
  const flag = project.flags.get(asking.key);
  const variant = flag && variantOf(project, flag, asking);
  return variant === undefined ? undefined : flag?.definition.variants[variant];
}

function variantOf(project: ProjectState, flag: FlagState, asking: Asked): string | undefined {
  const { definition } = flag;
  const serving = definition.environments[asking.environment];
  if (flag.archived || serving === undefined) return undefined;
  if (flag.environments[asking.environment]?.down === true) return definition.safe;
  if (isInConflict(project, flag, asking)) return definition.safe;
  const unmet = definition.requires.flags.some(({ flag: key, variant }) => {
    const required = project.flags.get(key);
    return required === undefined || variantOf(project, required, asking) !== variant;
  });
  if (unmet) return definition.safe;
  return (
    ruled(project, flag, asking) ??
    rolled(project, flag, { ...asking, height: 'allocations' }) ??
    serving.serve
  );
}

/** The test of conflicts: could either leave safe, at the height that its rollout has reached? */
function isInConflict(project: ProjectState, flag: FlagState, asking: Asked): boolean {
  const rivals = [...project.flags.values()].filter(
    (other) =>
      !other.archived &&
      other.key !== flag.key &&
      other.definition.environments[asking.environment] !== undefined &&
      (flag.definition.conflicts.includes(other.key) ||
        other.definition.conflicts.includes(flag.key)),
  );
  const leaves = (each: FlagState) =>
    couldServe(project, each, asking).some((variant) => variant !== each.definition.safe);
  return leaves(flag) && rivals.some(leaves);
}

function couldServe(project: ProjectState, flag: FlagState, asking: Asked): readonly string[] {
  const { definition } = flag;
  const serving = definition.environments[asking.environment]!;
  const unmet = definition.requires.flags.some(({ flag: key, variant }) => {
    const required = project.flags.get(key);
    if (required?.definition.environments[asking.environment] === undefined) return true;
    if (required.definition.safe === variant) return false;
    return !couldServe(project, required, asking).includes(variant);
  });
  if (unmet) return [definition.safe];
  const decided = ruled(project, flag, asking);
  if (decided !== undefined) return [decided];
  return (['allocations', 'peak'] as const).map(
    (height) => rolled(project, flag, { ...asking, height }) ?? serving.serve,
  );
}

function ruled(project: ProjectState, flag: FlagState, asking: Asked): string | undefined {
  const { serve, rules } = flag.definition.environments[asking.environment]!;
  const rule = rules.find((each) => holds(project, each.if, asking.unit));
  if (rule?.split === undefined) return rule?.serve;
  const weights = rule.split.weights;
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const unit = asking.unit.targetingKey;
  if (unit === undefined || total === 0) return serve;
  let left = cut(murmur3(flag.key + unit), total);
  for (const [variant, weight] of weights) {
    if (left < weight) return variant;
    left -= weight;
  }
  return serve;
}

function rolled(
  project: ProjectState,
  flag: FlagState,
  asking: Asked & { readonly height: 'allocations' | 'peak' },
): string | undefined {
  const here = flag.environments[asking.environment];
  const rollout = here?.rollout;
  if (rollout === undefined) return undefined;
  if (rollout.status === 'ended' && rollout.allocations.length === 0) return undefined;
  const isZero = asking.height === 'allocations' && (here?.down || rollout.status === 'rolledBack');
  const served = isZero && rollout.peak.length > 0 ? rollout.peak : rollout[asking.height];
  const own = served.filter(
    ({ audience }) => audience === undefined || holds(project, audience, asking.unit),
  );
  if (own.length === 0) return undefined;
  const unit = asking.unit[rollout.plan.unit as 'tenant'];
  if (unit === undefined || isZero) return rollout.control;
  const most = Math.max(...own.map(({ sharePerMillion }) => sharePerMillion));
  return cut(murmur3(rollout.salt + unit), 1_000_000) < most ? rollout.to : rollout.control;
}

function holds(project: ProjectState, condition: Condition, unit: Asked['unit']): boolean {
  if ('segment' in condition) {
    const segment = project.segments.get(condition.segment);
    return segment !== undefined && holds(project, segment.if, unit);
  }
  if ('all' in condition) return condition.all.every((each) => holds(project, each, unit));
  if ('not' in condition) return !holds(project, condition.not, unit);
  if ('in' in condition) return unit.tenant !== undefined && condition.in.includes(unit.tenant);
  throw new Error('the test makes no other condition');
}
