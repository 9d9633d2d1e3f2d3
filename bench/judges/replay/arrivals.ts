import type { Arrival, ArmSeen } from '../judge/types.ts';
import { SLICES, type Trace } from '../trace/types.ts';

export interface Place {
  readonly minute: number;
  readonly stage: number;
  /** So many slices are in treatment. */
  readonly treated: number;
}

/** Puts the telemetry of a minute where it will be delivered, once or twice. */
export function post(mail: Map<number, Arrival[]>, trace: Trace, place: Place): void {
  const { minute } = place;
  const at = trace.deliveredAt[minute] ?? -1;
  if (at < 0) return;
  const arrival = arrivalOf(trace, place);
  const times = trace.twice.has(minute) ? [at, at + 1] : [at];
  for (const time of times) mail.set(time, [...(mail.get(time) ?? []), arrival]);
}

function arrivalOf(trace: Trace, place: Place): Arrival {
  const { minute, stage, treated } = place;
  const treatment = emptyArm(trace);
  const control = emptyArm(trace);
  for (let slice = 0; slice < SLICES; slice++) {
    const cell = minute * SLICES + slice;
    const isTreated = slice < treated;
    const arm = isTreated ? treatment : control;
    addCounts(arm, trace, { cell, stage, isTreated });
    if (trace.latency !== undefined) addLatency(arm, trace.latency, { cell, isTreated });
  }
  if (trace.several === undefined) {
    for (const arm of [treatment, control]) {
      arm.requests = arm.units;
      arm.errors = arm.bad[0] ?? 0;
    }
  }
  return { minute, stage, treatment, control, ...visitsOf(trace, place) };
}

function visitsOf({ visits }: Trace, { minute, treated }: Place): Pick<Arrival, 'visits'> {
  if (visits === undefined) return {};
  const [first = 0, end = 0] = [visits.firstOf[minute], visits.firstOf[minute + 1]];
  return { visits: { of: visits, first, end, treatedSlices: treated } };
}

function addCounts(
  arm: ArmTally,
  trace: Trace,
  of: { readonly cell: number; readonly stage: number; readonly isTreated: boolean },
): void {
  const { cell, stage, isTreated } = of;
  const lost = isTreated ? trace.lost.treatment : trace.lost.control;
  arm.units += (trace.units[cell] ?? 0) - (lost.units[cell] ?? 0);
  trace.outcomes.forEach(({ bad0, bad1 }, outcome) => {
    const bad = (isTreated ? bad1[stage]?.[cell] : bad0[cell]) ?? 0;
    arm.bad[outcome] = (arm.bad[outcome] ?? 0) + bad - (lost.bad[cell] ?? 0);
  });
  arm.requests += trace.several?.requests[cell] ?? 0;
  arm.errors += trace.several?.errors[cell] ?? 0;
}

interface ArmTally extends ArmSeen {
  units: number;
  requests: number;
  errors: number;
  readonly bad: number[];
  readonly latency?: number[];
}

function emptyArm({ outcomes, latency }: Trace): ArmTally {
  return {
    units: 0,
    bad: outcomes.map(() => 0),
    requests: 0,
    errors: 0,
    ...(latency === undefined
      ? {}
      : { latency: latency.buckets.map(() => 0), buckets: latency.buckets }),
  };
}

function addLatency(
  arm: ArmTally,
  { buckets, slowest0, slowest1 }: NonNullable<Trace['latency']>,
  { cell, isTreated }: { readonly cell: number; readonly isTreated: boolean },
): void {
  const from = isTreated ? slowest1 : slowest0;
  buckets.forEach((_, at) => {
    const { latency } = arm;
    if (latency !== undefined) {
      latency[at] = (latency[at] ?? 0) + (from[cell * buckets.length + at] ?? 0);
    }
  });
}
