import { assessTotalsOf, type TotalsAssessment } from '@downhaul/judge';
import { hasControlArm } from '../telemetry/rollout/history.ts';
import type { Hypothesis } from '../telemetry/rollout/hypotheses.ts';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';
import type { SuccessEvidence } from './types.ts';

/**
 * Success criteria at the last stage that has both arms, at the longest horizon that has closed for
 * units of both. Met is a criterion whose rate differs from control's by at least `by`, and in the
 * better direction with 99 % certainty. Anything less asks the owner.
 */
export function successEvidence(telemetry: RolloutTelemetry): SuccessEvidence[] {
  const stage = lastStageWithBothArms(telemetry);
  return telemetry.plan.success.map(({ metric, better, by }) => {
    const totals = telemetry.hypotheses
      .filter((each) => each.role === 'success' && each.metric === metric)
      .flatMap((hypothesis) => totalsOf(telemetry, hypothesis, stage) ?? [])
      .at(-1);
    const wanted = `${metric} ${better} by ${percent(by.relative)}`;
    const ratio = totals?.ratio ?? null;
    if (ratio === null || ratio.estimate === null) {
      return {
        metric,
        stage,
        met: false,
        text: `${wanted}: no unit of both arms has been counted`,
      };
    }
    const { estimate, lower, upper } = ratio;
    const met =
      better === 'higher'
        ? estimate >= 1 + by.relative && lower > 1
        : estimate <= 1 - by.relative && upper < 1;
    const seen = `treatment ${estimate.toFixed(3)} times control (99 %: ${lower.toFixed(3)} to ${upper.toFixed(3)})`;
    return { metric, stage, met, text: `${wanted}: ${met ? 'met' : 'not shown'}, ${seen}` };
  });
}

function totalsOf({ judge }: RolloutTelemetry, { id }: Hypothesis, stage: number) {
  return assessTotalsOf(judge, id).find((totals) => totals.stage === stage && hasBothArms(totals));
}

function hasBothArms(totals: TotalsAssessment): boolean {
  if (totals.kind === 'requests') {
    return totals.treatment.exposure > 0 && totals.control.exposure > 0;
  }
  return totals.treatment.units > 0 && totals.control.units > 0;
}

function lastStageWithBothArms({ plan }: RolloutTelemetry): number {
  const withControl = plan.stages.findLastIndex(
    ({ allocations }) => plan.holdbackPerMillion > 0 || hasControlArm(allocations),
  );
  return Math.max(0, withControl);
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
