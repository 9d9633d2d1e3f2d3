/**
 * What folding a report costs where one environment measures many rollouts: units are served by three of
 * them, and every outcome must find those three.
 *
 *     node --conditions=source bench/fold/main.ts [--rollouts 10,100,1000] [--reports 60]
 */
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import {
  createTelemetryState,
  foldIntake,
  type IntakeBody,
  PLAN_DEFAULTS,
  type Plan,
  type RolloutState,
  serializeTelemetry,
} from '@downhaul/control';
import { unitHash } from '@downhaul/engine';

const { values } = parseArgs({
  options: {
    rollouts: { type: 'string', default: '10,100,1000' },
    reports: { type: 'string', default: '60' },
  },
});
const START_MS = 1_700_000_000_000;
const REPORT_MS = 10_000;
const UNITS = 100;
const FLAGS_PER_UNIT = 3;
const SCOPE = { project: 'default', environment: 'production', service: 'shop' };
const ALLOCATIONS = [{ sharePerMillion: 500_000 }];
const PLAN: Plan = {
  ...PLAN_DEFAULTS,
  key: 'folded',
  baselineMs: 300_000,
  stages: [{ allocations: ALLOCATIONS, bakeMs: 3_600_000, minimumSample: 0 }],
  guardrails: [
    {
      metric: 'http.error_rate',
      worse: 'higher',
      margin: { relative: 0.1, absolute: 0.001 },
      weight: 1,
    },
  ],
  signals: [],
  success: [],
  horizonsMs: [60_000],
};

for (const rollouts of values.rollouts.split(',').map(Number)) {
  const reports = Number(values.reports);
  const times: number[] = [];
  const state = createTelemetryState();
  let sequence = 0;
  const fold = (atMs: number, body: IntakeBody): void =>
    foldIntake(state, { sequence: (sequence += 1), atMs, ...body });
  for (let number = 0; number < rollouts; number++) {
    const change = { position: number + 1, rollout: rolloutOf(number) };
    fold(START_MS, { type: 'rolloutChanged', change });
  }
  for (let report = 0; report < reports; report++) {
    const atMs = START_MS + (report + 1) * REPORT_MS;
    const body = reportOf(report, rollouts, atMs);
    const beganMs = performance.now();
    fold(atMs, body);
    times.push(performance.now() - beganMs);
  }
  times.sort((one, other) => one - other);
  const medianMs = times[Math.floor(times.length / 2)] ?? Number.NaN;
  const digest = createHash('sha256').update(JSON.stringify(serializeTelemetry(state)));
  process.stdout.write(
    `${String(rollouts).padStart(5)} rollouts  ${((medianMs * 1_000) / UNITS).toFixed(1)} µs a unit with its outcome and ${FLAGS_PER_UNIT} exposures; state ${digest.digest('hex').slice(0, 12)}\n`,
  );
}

function idOf(number: number): string {
  return `default/production/f${number}#1`;
}

function rolloutOf(number: number): RolloutState {
  return {
    ...{ id: idOf(number), project: 'default', environment: 'production', flag: `f${number}` },
    ...{ attempt: 1, plan: PLAN, to: 'on', control: 'off', salt: 's', status: 'running', stage: 0 },
    ...{ allocations: ALLOCATIONS, peak: ALLOCATIONS, startedAtMs: START_MS },
    ...{ stageEnteredAtMs: START_MS, statusSinceMs: START_MS, version: number + 1 },
    ...{ startedBy: 'bench', unguarded: false },
  };
}

/** A hundred units, each served by three flags; every unit tells of one outcome. */
function reportOf(report: number, rollouts: number, sentAtMs: number): IntakeBody {
  const exposures = [];
  const outcomes = [];
  for (let number = 0; number < UNITS; number++) {
    const unit = unitHash('salt', `user-${report}-${number}`);
    const atMs = sentAtMs - REPORT_MS + number;
    for (let flag = 0; flag < FLAGS_PER_UNIT; flag++) {
      const of = (number + flag * 331) % rollouts;
      exposures.push({
        ...{ flag: `f${of}`, rollout: idOf(of), stage: 0, allocation: 0, served: true },
        ...{ version: of + 1, unit, atMs },
        arm: number % 2 === 0 ? ('treatment' as const) : ('control' as const),
      });
    }
    outcomes.push({ unit, metric: 'http.error_rate', atMs: atMs + 1, value: number % 50 ? 0 : 1 });
  }
  const dropped = { exposures: 0, outcomes: 0 };
  const head = { instance: 'i', sequence: report + 1, sentAtMs, version: rollouts, dropped };
  return {
    type: 'report',
    scope: SCOPE,
    report: { ...head, exposures, outcomes, activity: [] },
  };
}
