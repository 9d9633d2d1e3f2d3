import type { UnitRecord } from './units/unit-record.ts';
import type { FunnelCounts, RolloutTelemetry, StepCounts } from './types.ts';

/** A unit that took this many of a funnel's steps. */
export function addSteps(
  funnels: Map<string, StepCounts>,
  hypothesis: string,
  of: { readonly record: UnitRecord; readonly taken: number; readonly steps: number },
): void {
  let counts = funnels.get(hypothesis);
  if (counts === undefined) {
    const none = () => Array<number>(of.steps).fill(0);
    counts = { control: none(), treatment: none() };
    funnels.set(hypothesis, counts);
  }
  const reached = counts[of.record.arm];
  for (let step = 0; step < of.taken; step++) reached[step] = (reached[step] ?? 0) + 1;
}

/** Adds a batch of one stratum to what is shown of a funnel. */
export function recordSteps(
  { funnels }: RolloutTelemetry,
  { hypothesis, stage }: Pick<FunnelCounts, 'hypothesis' | 'stage'>,
  batch: Pick<FunnelCounts, 'units' | 'reached'>,
): void {
  let shown = funnels.find((each) => each.hypothesis === hypothesis && each.stage === stage);
  if (shown === undefined) {
    const none = batch.reached.control.map(() => 0);
    const reached = { control: none, treatment: [...none] };
    shown = { hypothesis, stage, units: { control: 0, treatment: 0 }, reached };
    funnels.push(shown);
  }
  for (const arm of ['control', 'treatment'] as const) {
    shown.units[arm] += batch.units[arm];
    for (const [step, units] of batch.reached[arm].entries()) {
      shown.reached[arm][step] = (shown.reached[arm][step] ?? 0) + units;
    }
  }
}
