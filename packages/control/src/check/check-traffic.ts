import { checkMeasured } from './check-measured.ts';
import { durationText } from './duration-text.ts';
import { flagServices } from './flag-services.ts';
import { forecast, type StageForecast } from './forecast.ts';
import { seenMeans, seenTraffic } from './seen-traffic.ts';
import { isCountedAlone } from './counted-metrics.ts';
import type { CheckInput, CheckItem } from './types.ts';

/** Whether the traffic suffices, stage by stage. */
export function checkTraffic(input: CheckInput): CheckItem[] {
  if (input.plan.guardrails.length === 0) return [];
  if (isCountedAlone(input)) return [byRequest()];
  const seen = seenTraffic(input);
  if (seen === undefined) return [unknownTraffic(flagServices(input).known)];
  const rate = seen.unitsPerSecond;
  const { stages, totalMs, assumed, unknown, constant, powerless } = forecast(input.plan, rate, {
    ...seen.rates,
    ...seenMeans(input),
  });
  const total: CheckItem = {
    code: 'duration',
    ok: Number.isFinite(totalMs),
    text: `At ${Number(rate.toPrecision(3))} units per second all stages take about ${durationText(totalMs)}${assumed.length > 0 ? `; the rate of ${assumed.join(', ')} is assumed` : ''}.`,
    remedy: Number.isFinite(totalMs) ? '' : 'Widen a margin or begin with a larger share.',
  };
  const { maxUnits } = input.telemetry.options;
  const measured = checkMeasured({ unitsPerSecond: rate, totalMs, maxUnits });
  const means = [...unknown.map(unknownMean), ...constant.map(constantMean)];
  const weak = powerless.map(weakMargin);
  return [
    ...stages.map((stage) => stageItem(stage, stages)),
    total,
    ...weak,
    ...means,
    ...measured,
  ];
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

/** It would look guarded, and is not. */
function weakMargin(text: string): CheckItem {
  const remedy = 'Narrow its margin, or give it a weight above 0.';
  return { code: 'margin_tells', ok: false, text, remedy };
}

function byRequest(): CheckItem {
  const text =
    'Every guardrail is counted by request, so distinct users are not known, and how long a stage takes is seen in the first one.';
  return { code: 'traffic_known', ok: true, text, remedy: '' };
}

/** A mean's spread decides how long it takes, and no figure of another metric tells it. */
function unknownMean(metric: string): CheckItem {
  return {
    code: 'mean_known',
    ok: true,
    text: `How far the values of ${metric} lie apart is not known before a baseline has measured them, so nobody can say how long a stage waits for it. The baseline measures the values before anyone is exposed.`,
    remedy: '',
  };
}

/** Health is told by the spread of the values; where there is none, none is told. */
function constantMean(metric: string): CheckItem {
  return {
    code: 'mean_spread',
    ok: false,
    text: `Every unit that was measured has the same value of ${metric}. While that lasts it gives no evidence that it is no worse, and no stage is passed.`,
    remedy: 'Look whether the service tracks the real values, or guard another metric.',
  };
}

function unknownTraffic(known: boolean): CheckItem {
  const who = known ? 'No service of the flag (`affects`, and whoever evaluates it)' : 'No service';
  return {
    code: 'traffic_known',
    ok: false,
    text: `${who} has told of a unit within the last five minutes, so nobody can say whether the traffic suffices.`,
    remedy:
      'Let requests come in whose scope or evaluations have a targeting key, or start it: the baseline measures the traffic before anyone is exposed.',
  };
}
