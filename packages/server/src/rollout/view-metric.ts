import type { Evidence, RolloutTelemetry } from '@downhaul/control';

type Hypothesis = RolloutTelemetry['hypotheses'][number];

/** What a metric's document adds to its figures. */
export interface MetricView {
  /** Of the values. */
  readonly unit?: string;
  /** Of a funnel: units that took the steps in order up to each, over all stages. */
  readonly steps?: {
    readonly event: string;
    readonly treatment: number;
    readonly control: number;
  }[];
}

export function viewMetric(
  { id, definition }: Hypothesis,
  { funnels }: Pick<Evidence, 'funnels'>,
): MetricView {
  const { unit, steps } = definition ?? {};
  return {
    ...(unit === undefined ? {} : { unit }),
    ...(steps === undefined ? {} : { steps: stepsView(id, steps, funnels) }),
  };
}

function stepsView(id: string, steps: readonly string[], funnels: Evidence['funnels']) {
  const ours = funnels.filter(({ hypothesis, stage }) => hypothesis === id && stage >= 0);
  return steps.map((event, step) => {
    const sum = (arm: 'treatment' | 'control') =>
      ours.reduce((total, { reached }) => total + (reached[arm][step] ?? 0), 0);
    return { event, treatment: sum('treatment'), control: sum('control') };
  });
}
