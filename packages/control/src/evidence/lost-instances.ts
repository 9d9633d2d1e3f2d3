import { isConcerned } from '../telemetry/instance/concerned.ts';
import { instanceKey } from '../telemetry/instance/instance-key.ts';
import { isSilent, silenceLimitMs } from '../telemetry/instance/liveness.ts';
import type { InstanceState } from '../telemetry/instance/types.ts';
import { concernOf } from '../telemetry/rollout/coverage.ts';
import { isExcluded } from '../telemetry/rollout/excluded.ts';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';
import type { TelemetryState } from '../telemetry/state.ts';
import { BASELINE_STAGE } from '../telemetry/rollout/history.ts';
import type { Evidence } from './types.ts';

const MIN_LOST = 2;
const EXCESS_PROBABILITY = 0.001;

/**
 * Instances of the flag's services that fell silent without a goodbye since the stage began, against
 * what the window before the rollout leads to expect: losses there plus a half, scaled to the time
 * since. An excess is one that a Poisson count of that mean reaches with less than 0.1 %. It has no
 * arm, an instance serves both: it is judged as `shared` (settled question 10).
 */
export function lostInstances(
  state: TelemetryState,
  telemetry: RolloutTelemetry,
  nowMs: number,
): Evidence['lostInstances'] {
  const environment = state.environments.get(telemetry.environmentKey);
  const { rollout, plan } = telemetry;
  if (environment === undefined || rollout.stage < 0)
    return { names: [], expected: 0, excess: false };
  const concern = concernOf(telemetry);
  const instances = [...environment.instances.values()].filter(
    (instance) =>
      isConcerned(environment, instance, concern) &&
      !isExcluded(telemetry, instance.service, instanceKey(instance.service, instance.id)),
  );
  const limitMs = silenceLimitMs(plan.batchMs, state.options);
  const lostBetween = (fromMs: number, toMs: number) =>
    instances.filter(
      (instance) =>
        isLost(instance, { atMs: nowMs, limitMs }) &&
        instance.lastContactAtMs >= fromMs &&
        instance.lastContactAtMs < toMs,
    );
  const firstStageAtMs =
    telemetry.history.find(({ stage }) => stage !== BASELINE_STAGE)?.atMs ??
    rollout.stageEnteredAtMs;
  const windowMs = Math.max(plan.batchMs, firstStageAtMs - rollout.startedAtMs);
  const before = lostBetween(rollout.startedAtMs, firstStageAtMs).length;
  const names = lostBetween(rollout.stageEnteredAtMs, nowMs).map(({ id }) => id);
  const expected = ((before + 0.5) / windowMs) * Math.max(0, nowMs - rollout.stageEnteredAtMs);
  const excess =
    names.length >= MIN_LOST && poissonUpperTail(names.length, expected) < EXCESS_PROBABILITY;
  return { names, expected, excess };
}

function isLost(instance: InstanceState, silence: Parameters<typeof isSilent>[1]): boolean {
  if (instance.class !== 'acking') return false;
  return instance.left === undefined
    ? isSilent(instance, silence)
    : instance.left.why === 'presumed';
}

/** P(X >= count) for a Poisson variable. */
function poissonUpperTail(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let below = 0;
  for (let k = 0; k < count; k++) {
    below += term;
    term *= mean / (k + 1);
  }
  return Math.max(0, 1 - below);
}
