import { unitsPerSecond } from '../evidence/traffic.ts';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';
import { environmentKey } from '../telemetry/state.ts';
import { durationText } from './duration-text.ts';
import { forecast, type StageForecast } from './forecast.ts';
import type { CheckInput, CheckItem } from './types.ts';

/**
 * Whether the traffic suffices, stage by stage. It is known from rollouts measured in the environment:
 * the flag's own earlier attempts where there are any, else the busiest.
 */
export function checkTraffic(input: CheckInput): CheckItem[] {
  if (input.plan.guardrails.length === 0) return [];
  const measured = measuredRollouts(input);
  const rate = Math.max(0, ...measured.map((telemetry) => seenPerSecond(telemetry, input.nowMs)));
  if (rate === 0) return [unknownTraffic()];
  const { stages, totalMs, assumed } = forecast(input.plan, rate, baselineRates(measured));
  const total: CheckItem = {
    code: 'duration',
    ok: Number.isFinite(totalMs),
    text: `At ${Number(rate.toPrecision(3))} units per second all stages take about ${durationText(totalMs)}${assumed.length > 0 ? `; the rate of ${assumed.join(', ')} is assumed` : ''}.`,
    remedy: Number.isFinite(totalMs) ? '' : 'Widen a margin or begin with a larger share.',
  };
  return [...stages.map((stage) => stageItem(stage, stages)), total];
}

function stageItem(stage: StageForecast, all: readonly StageForecast[]): CheckItem {
  const enough = all.find(({ tooLong }) => !tooLong);
  const start =
    enough === undefined
      ? 'No stage can be passed at this traffic: widen the margins or lengthen `whenStageTooLong`.'
      : `Start at ${enough.sharePerMillion / 10_000} %.`;
  return {
    code: 'traffic_suffices',
    ok: !stage.tooLong,
    text: stage.text,
    remedy: stage.tooLong ? start : '',
  };
}

function unknownTraffic(): CheckItem {
  return {
    code: 'traffic_known',
    ok: false,
    text: 'Nothing is measured in this environment yet, so nobody can say whether the traffic suffices.',
    remedy: 'Start it: the baseline measures the traffic before anyone is exposed.',
  };
}

function measuredRollouts({ telemetry, flag, ...place }: CheckInput): RolloutTelemetry[] {
  const key = environmentKey(place);
  const here = [...telemetry.rollouts.values()].filter(({ environmentKey: of }) => of === key);
  const own = here.filter(({ rollout }) => rollout.flag === flag.key);
  return own.length > 0 ? own : here;
}

/** The traffic of the present stage, or what the closed units of an earlier one tell. */
function seenPerSecond(telemetry: RolloutTelemetry, nowMs: number): number {
  const present = unitsPerSecond(telemetry, nowMs);
  if (present > 0) return present;
  const { startedAtMs } = telemetry.rollout;
  const seconds = (telemetry.closedThroughMs - startedAtMs) / 1_000;
  const units = Math.max(
    0,
    ...[...telemetry.baseline.rates.values()].map((counts) => counts.units),
  );
  return seconds > 0 ? units / seconds : 0;
}

function baselineRates(measured: readonly RolloutTelemetry[]): Record<string, number> {
  const rates: Record<string, number> = {};
  for (const { hypotheses, baseline } of measured) {
    for (const { id, metric, horizonIndex, role } of hypotheses) {
      const counts = baseline.rates.get(id);
      if (role !== 'guardrail' || horizonIndex !== 0 || counts === undefined) continue;
      if (counts.units > 0) rates[metric] = Math.max(counts.bad, 0.5) / counts.units;
    }
  }
  return rates;
}
