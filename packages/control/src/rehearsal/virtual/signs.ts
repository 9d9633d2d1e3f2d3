import type { ActivityItem } from '@downhaul/engine';
import type { RolloutState } from '../../rollout/types.ts';
import type { RolloutTelemetry } from '../../telemetry/rollout/types.ts';
import type { Intake } from './intake.ts';
import type { Harm } from './unit-tallies.ts';

const ARMS = ['treatment', 'control'] as const;

/** Signs of life since the last report: how many units of each arm were told of, by stage. */
export class Signs {
  private readonly byStage = new Map<number, { treatment: number; control: number }>();
  private reports = 0;
  private readonly intake: Intake;

  constructor(intake: Intake) {
    this.intake = intake;
  }

  note(stage: number, { told }: Harm): void {
    const known = this.byStage.get(stage);
    if (known === undefined) this.byStage.set(stage, { ...told });
    else for (const arm of ARMS) known[arm] += told[arm];
  }

  /** One report of all that was seen until a moment: whoever is alive reports, with or without units. */
  report(rollout: RolloutState, throughMs: number): void {
    const lastAtMs = throughMs - 1;
    const activity: ActivityItem[] = [];
    for (const [stage, told] of this.byStage) {
      for (const arm of ARMS) {
        if (told[arm] === 0) continue;
        activity.push(this.intake.activity(rollout, { stage, arm, count: told[arm], lastAtMs }));
      }
    }
    this.reports += 1;
    const { version } = rollout;
    this.intake.report({ sequence: this.reports, version, throughMs, activity }, throughMs);
    this.noteOutcomes(this.intake.telemetry(rollout), lastAtMs);
    this.byStage.clear();
  }

  /** Requests that were measured are a sign of life of their own. */
  private noteOutcomes({ outcomesHeard }: RolloutTelemetry, atMs: number): void {
    const told = this.byStage.get(outcomesHeard.stage);
    if (told === undefined) return;
    for (const arm of ARMS) {
      if (told[arm] === 0) continue;
      outcomesHeard.lastAtMs[arm] = Math.max(outcomesHeard.lastAtMs[arm], atMs);
      outcomesHeard.signs[arm] += told[arm];
    }
  }
}
