import type { Arm, OutcomeItem } from '@downhaul/engine';
import type { CountedItem } from '../counted/types.ts';
import type { Claim } from './claim.ts';
import type { Cohort } from './cohort.ts';
import { worstValue } from './readings.ts';
import type { HarmTeller, HarmTold, RolloutTelemetry, WaitingOutcome } from './types.ts';
import type { UnitRecord } from './units/unit-record.ts';

/** A service that makes names of instances up is told of as a whole beyond. */
const MAX_COUNTS = 500;
const MAX_WAITING_UNITS = 20_000;
/** Of one unit: more is told of by somebody who repeats himself. */
const MAX_OF_UNIT = 24;

/** An outcome of a unit that a stage knows, if it is a bad one; the same one may come more than once. */
export function noteOutcomeHarm(
  telemetry: RolloutTelemetry,
  cohort: Cohort,
  item: Pick<OutcomeItem, 'unit' | 'metric' | 'value' | 'values' | 'atMs'> & HarmTeller,
): void {
  if (cohort.stage < 0) return;
  const { unit, atMs, service, instance = '' } = item;
  for (const reading of telemetry.readings.get(item.metric) ?? []) {
    if (reading.into === 'series') continue;
    const value = worstValue(reading, item);
    if (value <= 0) continue;
    for (const metric of badFor(telemetry, cohort, { reading: reading.metric, value })) {
      wait(telemetry, unit, [metric, atMs, service, instance]);
    }
  }
}

/** Metrics of guardrails and signals of which a value is bad in the cohort. */
function badFor(
  { hypotheses, metrics }: RolloutTelemetry,
  { frozen }: Cohort,
  { reading, value }: { readonly reading: number; readonly value: number },
): Set<string> {
  const bad = new Set<string>();
  for (const { id, metric, role, kind, horizonIndex } of hypotheses) {
    if (role === 'success' || horizonIndex > 0 || metrics.get(metric) !== reading) continue;
    const above = frozen?.hypotheses[id]?.latencyBucket ?? Number.POSITIVE_INFINITY;
    if (kind === 'bad' ? value >= 1 : kind === 'slow' && value > above) bad.add(metric);
  }
  return bad;
}

function wait(telemetry: RolloutTelemetry, unit: string, outcome: WaitingOutcome): void {
  const told = toldOf(telemetry);
  let waiting = told.waiting[unit];
  if (waiting === undefined) {
    if (told.waitingUnits >= MAX_WAITING_UNITS) return;
    told.waitingUnits += 1;
    told.waiting[unit] = waiting = [];
  }
  const isKnown = waiting.some((each) => each.every((part, index) => part === outcome[index]));
  if (!isKnown && waiting.length < MAX_OF_UNIT) waiting.push(outcome);
}

/** A batch counts a unit of a stage as bad: it is counted for each source that told so within the horizon. */
export function countHarm(
  telemetry: RolloutTelemetry,
  { name }: Pick<Claim, 'name'>,
  { record, horizonMs }: { readonly record: UnitRecord; readonly horizonMs: number },
): void {
  const { firstAtMs, arm } = record;
  const services = new Set<string>();
  const instances = new Map<string, string>();
  for (const [metric, atMs, service, instance] of telemetry.harmTold?.waiting[record.unit] ?? []) {
    if (metric !== name || atMs < firstAtMs || atMs > firstAtMs + horizonMs) continue;
    services.add(service);
    if (instance !== '') instances.set(instance, service);
  }
  for (const service of services) add(telemetry, { metric: name, arm, events: 1 }, { service });
  for (const [instance, service] of instances) {
    add(telemetry, { metric: name, arm, events: 1 }, { service, instance });
  }
}

/** Bad requests that another source counted. */
export function noteCountedHarm(
  telemetry: RolloutTelemetry,
  { metric, arm, stage, events }: CountedItem,
  { service, instance }: HarmTeller,
): void {
  if (arm === 'service' || stage < 0 || events <= 0) return;
  const isCounted = telemetry.hypotheses.some(
    (each) => each.metric === metric && each.byRequest === 'requests' && each.role !== 'success',
  );
  if (!isCounted) return;
  add(telemetry, { metric, arm, events }, { service });
  if (instance !== undefined) add(telemetry, { metric, arm, events }, { service, instance });
}

/** Forgets outcomes whose units have all been counted, once a batch is closed. */
export function forgetWaiting({ harmTold }: RolloutTelemetry, beforeMs: number): void {
  if (harmTold === undefined) return;
  for (const [unit, outcomes] of Object.entries(harmTold.waiting)) {
    if (outcomes.some(([, atMs]) => atMs >= beforeMs)) continue;
    delete harmTold.waiting[unit];
    harmTold.waitingUnits -= 1;
  }
}

interface BadEvents {
  readonly metric: string;
  readonly arm: Arm;
  readonly events: number;
}

function add(
  telemetry: RolloutTelemetry,
  { metric, arm, events }: BadEvents,
  source: HarmTeller,
): void {
  const { counts } = toldOf(telemetry);
  const key = `${metric} ${source.instance ?? source.service}`;
  let count = counts[key];
  if (count === undefined) {
    if (source.instance !== undefined && Object.keys(counts).length >= MAX_COUNTS) return;
    counts[key] = count = { metric, ...source, control: 0, treatment: 0 };
  }
  count[arm] += events;
}

function toldOf(telemetry: RolloutTelemetry): HarmTold {
  return (telemetry.harmTold ??= { counts: {}, waiting: {}, waitingUnits: 0 });
}
