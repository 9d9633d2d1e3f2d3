import { DEFAULT_TELEMETRY_OPTIONS, dueBatches, next } from '@downhaul/control';
import { randomOf } from '../../trace/random.ts';
import { HOLDBACK } from '../../trace/types.ts';
import type { Arrival, Judge, JudgeRun, Move, Seen, Setting } from '../types.ts';
import { closeCounted, type Newcomers } from './close-counted.ts';
import { Intake } from './intake.ts';
import { planOf } from './plan.ts';
import { UnitCounts } from './unit-counts.ts';
import { ControlWorld } from './world.ts';

const START_MS = 1_700_000_000_000;
const MINUTE_MS = 60_000;
const { graceMs, maxUnits } = DEFAULT_TELEMETRY_OPTIONS;

/**
 * The product: its fold, judge, evidence, controller and decisions, over counts instead of unit records.
 * Once as it is when a plan says nothing, and once with 5 % held back, so that there is always a control.
 */
export const DOWNHAUL: readonly Judge[] = [
  {
    key: 'downhaul',
    label: 'Downhaul',
    measuresFirst: true,
    start: (setting) => new DownhaulRun(setting, 0),
  },
  {
    key: 'downhaul-holdback',
    label: 'Downhaul, 5 % held back',
    measuresFirst: true,
    holdsBack: true,
    start: (setting) => new DownhaulRun(setting, HOLDBACK),
  },
];

class DownhaulRun implements JudgeRun {
  private readonly world: ControlWorld;
  private readonly intake = new Intake({});
  private readonly counts: UnitCounts;
  private readonly newcomers: Newcomers[] = [];

  constructor({ scenario, seed }: Setting, holdback: number) {
    this.world = new ControlWorld(planOf(scenario, holdback), START_MS);
    const { rollout } = this.world;
    this.intake.greet(rollout.version, START_MS);
    this.intake.change(rollout, START_MS);
    const telemetry = this.intake.telemetry(rollout);
    // The service that serves the baseline is expected to go on reporting.
    telemetry.baselineServices.push('shop');
    const random = randomOf(`${scenario.key}/${seed}/slice`);
    this.counts = new UnitCounts(telemetry, { random, maxUnits });
  }

  look(seen: Seen): Move {
    const endMs = START_MS + (seen.minute + 1) * MINUTE_MS;
    for (const arrival of seen.arrivals) this.receive(arrival, endMs);
    const nowMs = endMs + graceMs;
    this.close(nowMs);
    return this.decide(nowMs);
  }

  /** The report of a minute. One that was received before is known by its number. */
  private receive({ minute, stage, treatment, control }: Arrival, nowMs: number): void {
    const { rollout } = this.world;
    const beganMs = START_MS + minute * MINUTE_MS;
    const lastAtMs = beganMs + MINUTE_MS - 1;
    const activity = (['treatment', 'control'] as const).map((arm) =>
      this.intake.activity(rollout, {
        stage,
        arm,
        count: arm === 'treatment' ? treatment.units : control.units,
        lastAtMs,
      }),
    );
    const report = {
      sequence: minute + 1,
      version: rollout.version,
      throughMs: beganMs + MINUTE_MS,
      activity,
    };
    if (!this.intake.report(report, nowMs)) return;
    // A unit arrives in the middle of its minute.
    const arrival = { minute, stage, treatment, control };
    this.noteOutcomes(arrival, lastAtMs);
    this.counts.add(arrival, beganMs + MINUTE_MS / 2);
    const { slice } = this.intake.telemetry(rollout);
    if (stage >= 0 && slice === 0) {
      this.newcomers.push({ stage, treatment: treatment.units, control: control.units });
    }
  }

  /** Requests that were measured are a sign of life of their own. */
  private noteOutcomes({ stage, treatment, control }: Arrival, atMs: number): void {
    const { outcomesHeard } = this.intake.telemetry(this.world.rollout);
    if (outcomesHeard.stage !== stage) return;
    for (const [arm, { units }] of Object.entries({ treatment, control })) {
      if (units === 0 || (arm !== 'treatment' && arm !== 'control')) continue;
      outcomesHeard.lastAtMs[arm] = Math.max(outcomesHeard.lastAtMs[arm], atMs);
      outcomesHeard.signs[arm] += units;
    }
  }

  private close(nowMs: number): void {
    const { state } = this.intake;
    const telemetry = this.intake.telemetry(this.world.rollout);
    const environment = state.environments.get(telemetry.environmentKey);
    if (environment === undefined) return;
    for (const { batch } of dueBatches(state, nowMs)) {
      closeCounted(
        telemetry,
        { batch, closedAtMs: nowMs, environment, options: state.options },
        { counts: this.counts, newcomers: this.newcomers },
      );
    }
  }

  private decide(nowMs: number): Move {
    const { rollout } = this.world;
    const evidence = this.intake.evidence(rollout, nowMs);
    const { command } = next({
      rollout,
      flagDown: false,
      ...(evidence === undefined ? {} : { evidence }),
      nowMs,
    });
    if (command === undefined) {
      const { status, cause } = rollout;
      const stuck = status === 'held' || status === 'paused';
      return stuck ? { does: 'hold', reason: cause?.code ?? status } : { does: 'wait' };
    }
    this.world.obey(command, nowMs);
    this.intake.change(this.world.rollout, nowMs);
    switch (command.type) {
      case 'advanceRollout':
        return { does: 'advance' };
      case 'rollbackRollout':
        return { does: 'rollback', reason: command.cause.code };
      case 'holdRollout':
      case 'pauseRollout':
        return { does: 'hold', reason: command.cause.code };
      case 'completeRollout':
        return { does: 'complete' };
      default:
        return { does: 'wait' };
    }
  }
}
