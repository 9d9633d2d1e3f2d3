import {
  assessHarm,
  assessNonInferiority,
  assessSrm,
  type JudgeState,
  mayReachLimit,
  mayShowHarm,
} from '@downhaul/judge';
import { unpassed } from '../../controller/demanded.ts';
import { attributionEvidence, serviceWorse, sharedWorse } from '../../evidence/attribution.ts';
import { freshnessOf } from '../../evidence/freshness-of.ts';
import { lateEvidence } from '../../evidence/late.ts';
import { wholeStageEvidence } from '../../evidence/whole-stage.ts';
import { attributionAlpha } from '../../telemetry/context/attributing.ts';
import { hasControlArm } from '../../telemetry/rollout/history.ts';
import type { RolloutTelemetry } from '../../telemetry/rollout/types.ts';

/**
 * Whether a look could lead to anything. False only where every step of the controller is known to have
 * nothing to say: telemetry is fresh, no harm is shown, and the window or the stage asks for more. A test
 * holds that runs which look every time decide the same.
 */
export function mayDecide(telemetry: RolloutTelemetry, nowMs: number, graceMs: number): boolean {
  const { rollout } = telemetry;
  if (rollout.status !== 'running' && rollout.status !== 'measuring') return true;
  const { freshness, stale } = freshnessOf(telemetry, nowMs, graceMs);
  if (stale || freshness !== 'fresh') return true;
  const { late, lateShare } = lateEvidence(telemetry);
  if (late.length > 0 || lateShare > 0) return true;
  const lastsMs = nowMs - rollout.stageEnteredAtMs;
  if (rollout.stage < 0) return lastsMs >= rollout.plan.baselineMs;
  if (isAlarmed(telemetry)) return true;
  const decides = hasControlArm(rollout.allocations) ? mayEnd : mayEndWhole;
  return decides(telemetry, lastsMs);
}

/** Harm, a sample ratio that is off, or a service that gets worse as a whole. */
function isAlarmed(telemetry: RolloutTelemetry): boolean {
  const { judge } = telemetry;
  if (isHarmful(judge, 'guardrail') || isHarmful(judge, 'signal') || assessSrm(judge).alarm)
    return true;
  if (!mayBlameService(telemetry)) return false;
  const attribution = attributionEvidence(telemetry, { harm: assessHarm(judge, 'guardrail') });
  return serviceWorse(attribution).length > 0 || sharedWorse(attribution).length > 0;
}

function isHarmful(judge: JudgeState, role: 'guardrail' | 'signal'): boolean {
  return mayShowHarm(judge, role) && assessHarm(judge, role).harmful;
}

/** Whatever is said of the service rests on a control that is worse than its baseline. */
function mayBlameService(telemetry: RolloutTelemetry): boolean {
  const shown = -Math.log(attributionAlpha(telemetry));
  const { attribution } = telemetry.context;
  for (const id in attribution) {
    const control = attribution[id]?.process.control;
    if (control !== undefined && mayReachLimit(control, shown)) return true;
  }
  return false;
}

/** The same where everyone is treated: nobody is compared with, but nothing may be above the ordinary. */
function mayEndWhole(telemetry: RolloutTelemetry, lastsMs: number): boolean {
  const { plan, stage } = telemetry.rollout;
  if (lastsMs >= (plan.stages[stage]?.bakeMs ?? 0)) return true;
  const whole = wholeStageEvidence(telemetry);
  if (whole === undefined) return true;
  const { raised, lasting, exceeded } = whole;
  return raised.length + lasting.length + exceeded.length > 0;
}

/** Whether the stage lacks nothing, or has taken too long. */
function mayEnd({ rollout, judge, cohorts }: RolloutTelemetry, lastsMs: number): boolean {
  const { plan, stage, unguarded } = rollout;
  const { bakeMs = 0, minimumSample = 0 } = plan.stages[stage] ?? {};
  if (lastsMs < bakeMs) return false;
  if (unguarded || lastsMs >= Math.max(plan.whenStageTooLong.afterMs, 2 * bakeMs)) return true;
  if ((cohorts.get(stage)?.counts.treatment ?? 0) < minimumSample) return false;
  const nonInferiority = assessNonInferiority(judge);
  return unpassed(rollout, { assessment: { nonInferiority } }).length === 0;
}
