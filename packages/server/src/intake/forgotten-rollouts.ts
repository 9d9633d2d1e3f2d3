import type { ControlState, RolloutChange, TelemetryState } from '@downhaul/control';

/**
 * Rollouts that go on in the log while telemetry knows nothing of them: what it knew was in the form of another
 * release, and the rows behind it are past their retention. Each as it stands, from the version of the snapshot
 * that instances have now; else its reports would count nowhere, and nobody would judge it (invariant 5). Those of `uncopied` are
 * on their way and not forgotten.
 */
export function forgottenRollouts(
  { projects }: Pick<ControlState, 'projects'>,
  { rollouts }: Pick<TelemetryState, 'rollouts'>,
  uncopied: readonly RolloutChange[] = [],
): RolloutChange[] {
  const forgotten: RolloutChange[] = [];
  const underWay = new Set(uncopied.map(({ rollout }) => rollout.id));
  for (const { environments, flags } of projects.values()) {
    for (const { definition, environments: places } of flags.values()) {
      for (const [key, { rollout, excluded }] of Object.entries(places)) {
        const position = environments.get(key)?.version;
        if (rollout === undefined || rollout.status === 'ended') continue;
        if (position === undefined || rollouts.has(rollout.id)) continue;
        if (underWay.has(rollout.id)) continue;
        const sources = excluded === undefined ? {} : { excluded };
        forgotten.push({ position, rollout, affects: definition.affects, ...sources });
      }
    }
  }
  return forgotten;
}
