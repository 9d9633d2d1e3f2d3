/**
 * What a unit costs the fold of telemetry: memory, time, and its part of a checkpoint.
 *
 *     node --expose-gc --conditions=source bench/units/main.ts [--units N]
 */
import { parseArgs } from 'node:util';
import {
  createTelemetryState,
  deserializeTelemetry,
  foldIntake,
  type IntakeBody,
  readPlanDocument,
  type SerializedTelemetry,
  serializeTelemetry,
  type TelemetryState,
} from '@downhaul/control';
import { unitHash } from '@downhaul/engine';

const { values } = parseArgs({ options: { units: { type: 'string', default: '1000000' } } });
const UNITS = Number(values.units);
const START_MS = Date.UTC(2026, 0, 1);
const BATCH_MS = 60_000;
const PER_BATCH = 20_000;
const SCOPE = { project: 'default', environment: 'production', service: 'storefront' };
const ROLLOUT = 'default/production/new-checkout#1';

const gc = (globalThis as { gc?: () => void }).gc;
if (gc === undefined) throw new Error('run with --expose-gc');

function usedBytes(): number {
  gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Time of this process on a processor, whatever else the machine does. */
function busyMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function plan() {
  const read = readPlanDocument({
    plan: 'units',
    stages: [
      { share: '50%', bake: '24h' },
      { share: '100%', bake: '24h' },
    ],
    guardrails: [{ metric: 'http.error_rate', margin: { relative: '5%' } }],
    slices: ['platform'],
  });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

/** A rollout in its first stage, and every batch's units told by one instance; one in fifty fails. */
function* rows(): Generator<IntakeBody> {
  const allocations = [{ sharePerMillion: 500_000 }];
  const times = { startedAtMs: START_MS, stageEnteredAtMs: START_MS, statusSinceMs: START_MS };
  const flag = 'new-checkout';
  yield {
    type: 'rolloutChanged',
    change: {
      position: 1,
      rollout: {
        ...{ id: ROLLOUT, project: 'default', environment: 'production', flag, attempt: 1 },
        ...{ plan: plan(), to: 'on', control: 'off', salt: 's', status: 'running', stage: 0 },
        ...{ allocations, peak: allocations, version: 1, startedBy: 'bench', unguarded: false },
        ...times,
      },
    },
  };
  for (let batch = 0; batch * PER_BATCH < UNITS; batch++) {
    const sentAtMs = START_MS + (batch + 1) * BATCH_MS;
    const exposures = Array.from({ length: PER_BATCH }, (_, number) => {
      const unit = unitHash('salt', `user-${batch * PER_BATCH + number}`);
      return {
        ...{ flag, rollout: ROLLOUT, stage: 0, allocation: 0, served: true, version: 1, unit },
        arm: number % 2 === 0 ? ('treatment' as const) : ('control' as const),
        atMs: sentAtMs - BATCH_MS + number,
        slices: { platform: number % 20 === 0 ? 'ios' : 'web' },
      };
    });
    const outcomes = exposures
      .filter((_, number) => number % 50 === 0)
      .map(({ unit, atMs }) => ({ unit, metric: 'http.error_rate', atMs, value: 1 }));
    const dropped = { exposures: 0, outcomes: 0 };
    const head = { instance: 'i', sequence: batch + 1, sentAtMs, version: 1, dropped };
    yield {
      type: 'report',
      scope: SCOPE,
      report: { ...head, exposures, outcomes, activity: [] },
    };
    yield { type: 'batchClosed', rollout: ROLLOUT, batch, endMs: sentAtMs };
  }
}

function fold(): { readonly state: TelemetryState; readonly foldMs: number } {
  const state = createTelemetryState({ maxUnits: UNITS + 1 });
  let foldMs = 0;
  let sequence = 0;
  for (const body of rows()) {
    const atMs = body.type === 'report' ? body.report.sentAtMs : state.atMs;
    const beganMs = busyMs();
    foldIntake(state, { sequence: (sequence += 1), atMs, ...body });
    foldMs += busyMs() - beganMs;
  }
  return { state, foldMs };
}

const before = usedBytes();
const { state, foldMs } = fold();
const after = usedBytes();
const writingMs = busyMs();
const checkpoint = JSON.stringify(serializeTelemetry(state));
const writtenMs = busyMs();
const again = deserializeTelemetry(JSON.parse(checkpoint) as SerializedTelemetry);
const readMs = busyMs();
if (again === undefined) throw new Error('the checkpoint was refused');
const each = (amount: number): string => (amount / UNITS).toFixed(1);
console.log(`${UNITS.toLocaleString('en')} units of one rollout`);
console.log(`memory        ${each(after - before)} bytes per unit`);
console.log(`fold          ${each(foldMs * 1_000)} µs per unit`);
console.log(`checkpoint    ${each(checkpoint.length)} bytes per unit`);
console.log(`written in    ${Math.round(writtenMs - writingMs)} ms`);
console.log(`read in       ${Math.round(readMs - writtenMs)} ms`);
