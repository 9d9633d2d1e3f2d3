import {
  createTelemetryState,
  type Evidence,
  evidenceOf,
  foldIntake,
  type IntakeBody,
  type IntakeRow,
  type RolloutState,
  type TelemetryOptions,
  type TelemetryState,
} from '@downhaul/control';
import type { ActivityItem, ExposureItem, OutcomeItem, TelemetryReport } from '@downhaul/engine';
import { expect } from 'vitest';
import { somePlan } from './world.ts';

export const START_MS = 1_700_000_000_000;
export const SCOPE = { project: 'default', environment: 'production', service: 'storefront' };
export const ROLLOUT = 'default/production/new-checkout#1';

/** A rollout in its first stage at 25 %, entered at `START_MS`. */
export function someRollout(change: Partial<RolloutState> = {}): RolloutState {
  return {
    id: ROLLOUT,
    project: 'default',
    environment: 'production',
    flag: 'new-checkout',
    attempt: 1,
    plan: somePlan(),
    to: 'on',
    control: 'off',
    salt: 'salt',
    status: 'running',
    stage: 0,
    allocations: [{ sharePerMillion: 250_000 }],
    peak: [{ sharePerMillion: 250_000 }],
    startedAtMs: START_MS,
    stageEnteredAtMs: START_MS,
    statusSinceMs: START_MS,
    version: 10,
    startedBy: 'ada',
    unguarded: false,
    ...change,
  };
}

/** 16 hexadecimal digits for a number. */
export function unitOf(number: number): string {
  return number.toString(16).padStart(16, '0');
}

export function exposure(change: Partial<ExposureItem> = {}): ExposureItem {
  return {
    flag: 'new-checkout',
    rollout: ROLLOUT,
    stage: 0,
    allocation: 0,
    arm: 'control',
    served: true,
    version: 10,
    unit: unitOf(1),
    atMs: START_MS,
    ...change,
  };
}

export function outcome(change: Partial<OutcomeItem> = {}): OutcomeItem {
  return { unit: unitOf(1), metric: 'http.error_rate', atMs: START_MS, value: 1, ...change };
}

export function activity(change: Partial<ActivityItem> = {}): ActivityItem {
  return {
    flag: 'new-checkout',
    rollout: ROLLOUT,
    stage: 0,
    arm: 'control',
    version: 10,
    count: 1,
    lastAtMs: START_MS,
    ...change,
  };
}

export function report(change: Partial<TelemetryReport> = {}): TelemetryReport {
  return {
    instance: 'store-1',
    sequence: 1,
    sentAtMs: START_MS,
    version: 10,
    exposures: [],
    outcomes: [],
    activity: [],
    dropped: { exposures: 0, outcomes: 0 },
    ...change,
  };
}

/** An intake in memory, with a clock and the sequences of its instances. */
export class Intake {
  readonly rows: IntakeRow[] = [];
  readonly state: TelemetryState;
  nowMs = START_MS;
  private readonly sequences = new Map<string, number>();

  constructor(options: Partial<TelemetryOptions> = {}) {
    this.state = createTelemetryState(options);
  }

  add(body: IntakeBody): void {
    const row = { sequence: this.rows.length + 1, atMs: this.nowMs, ...body };
    this.rows.push(row);
    foldIntake(this.state, row);
  }

  change(rollout: RolloutState, position = rollout.version): void {
    this.add({ type: 'rolloutChanged', change: { position, rollout } });
  }

  /** The next report of an instance. */
  report(change: Partial<TelemetryReport> = {}, service = SCOPE.service): void {
    const instance = change.instance ?? 'store-1';
    const sequence = change.sequence ?? (this.sequences.get(instance) ?? 0) + 1;
    this.sequences.set(instance, sequence);
    const made = report({ sentAtMs: this.nowMs, ...change, instance, sequence });
    this.add({ type: 'report', scope: { ...SCOPE, service }, report: made });
  }

  acknowledge(
    instance: string,
    version: number,
    reportsExposures = true,
    service = SCOPE.service,
  ): void {
    const acknowledgement = {
      instance,
      version,
      sdk: { name: 'downhaul', version: '0.1.0', formatVersion: 1 },
      capabilities: ['rollout'],
      reportsExposures,
      sentAtMs: this.nowMs,
    };
    this.add({ type: 'acknowledgement', scope: { ...SCOPE, service }, acknowledgement });
  }

  /** What happens between the end of a batch and its closing. */
  beforeClosing: (endMs: number) => void = () => undefined;

  /** Lets these instances report at the end of every batch, so that all are complete. */
  reportAtEnds(instances: readonly string[], version?: number): void {
    this.beforeClosing = () => {
      for (const instance of instances) {
        this.report({ instance, ...(version === undefined ? {} : { version }) });
      }
    };
  }

  /** Closes batches up to this one, with the clock at each one's end. */
  closeThrough(batch: number): void {
    const telemetry = this.state.rollouts.get(ROLLOUT);
    if (telemetry === undefined) expect.fail('there is no rollout');
    for (let next = telemetry.openBatch; next <= batch; next++) {
      const endMs = telemetry.rollout.startedAtMs + (next + 1) * telemetry.plan.batchMs;
      this.nowMs = Math.max(this.nowMs, endMs);
      this.beforeClosing(endMs);
      this.add({ type: 'batchClosed', rollout: ROLLOUT, batch: next, endMs });
    }
  }

  get evidence(): Evidence {
    return evidenceOf(this.state, ROLLOUT, this.nowMs) ?? expect.fail('there is no evidence');
  }

  /** Units and bad outcomes of a hypothesis in a stage, both arms. */
  totals(hypothesis: string, stage = 0) {
    const found = this.evidence.totals.find(
      (totals) => totals.hypothesis === hypothesis && totals.stage === stage,
    );
    if (found !== undefined && found.kind !== 'share') expect.fail(`${hypothesis} is no share`);
    return found && { treatment: found.treatment, control: found.control };
  }
}
