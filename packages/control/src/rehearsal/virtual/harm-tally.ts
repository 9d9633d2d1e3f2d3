import type { Hypothesis } from '../../telemetry/rollout/hypotheses.ts';
import type { Scenario } from '../scenario/types.ts';
import type { Harm } from './unit-tallies.ts';

/**
 * Units that are worse off because of the feature. The same unit may be worse off under several claims on
 * one metric (its p95 and its p99, say), so of those the largest counts; metrics are added.
 */
export class HarmTally {
  private readonly extra: number[];
  private readonly hypotheses: readonly Hypothesis[];
  private readonly crash: boolean;
  private crashed = 0;
  treated = 0;

  constructor(hypotheses: readonly Hypothesis[], { losses }: Scenario) {
    this.hypotheses = hypotheses;
    this.extra = hypotheses.map(() => 0);
    this.crash = losses.some(({ crashed }) => crashed);
  }

  add({ extra, treated, untold }: Harm): void {
    extra.forEach((count, index) => (this.extra[index] = (this.extra[index] ?? 0) + count));
    this.treated += treated;
    if (this.crash) this.crashed += untold;
  }

  get units(): number {
    const byMetric = new Map<string, number>();
    this.hypotheses.forEach(({ metric, role, horizonIndex }, index) => {
      if (role === 'success' || horizonIndex > 0) return;
      byMetric.set(metric, Math.max(byMetric.get(metric) ?? 0, this.extra[index] ?? 0));
    });
    return [...byMetric.values()].reduce((sum, count) => sum + count, this.crashed);
  }
}
