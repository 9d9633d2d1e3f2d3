import type { Judge, Move, Arrival, ArmSeen } from '../judge/types.ts';
import type { Scenario, World } from '../scenario/types.ts';
import { MINUTES, SLICES, STAGE_SHARES, type Trace } from '../trace/types.ts';

export interface Decision {
  readonly minute: number;
  /** Stage in which it was taken. */
  readonly stage: number;
  readonly does: Move['does'];
  readonly reason?: string;
}

export interface Replayed {
  /** Every move that was not waiting, a repeated hold once. */
  readonly log: readonly Decision[];
  readonly rolledBackAt?: number;
  readonly reachedAllAt?: number;
  /** Bad units beyond those that control would have had, over 48 hours. */
  readonly excessBad: number;
  readonly treatedUnits: number;
  readonly microseconds: number;
  readonly looks: number;
  /** Cumulative excess by hour, for the curves. */
  readonly excessByHour: readonly number[];
}

export interface Replay {
  readonly trace: Trace;
  readonly scenario: Scenario;
  readonly world: World;
  /** All 48 hours unless told. */
  readonly minutes?: number;
  /** What the judge did that this one follows. */
  readonly followed?: readonly Decision[];
}

/** Lets a judge decide over a trace, minute by minute. A decision holds from the next minute on. */
export function replay(
  judge: Judge,
  { trace, scenario, world, minutes = MINUTES, followed }: Replay,
): Replayed {
  const setting = { scenario, seed: trace.seed, world, ...(followed ? { followed } : {}) };
  let run = judge.start(setting);
  const log: Decision[] = [];
  const mail = new Map<number, Arrival[]>();
  const excessByHour: number[] = [];
  const reached: { rolledBackAt?: number; reachedAllAt?: number } = {};
  let [stage, excessBad, treatedUnits, looks, microseconds] = [
    judge.measuresFirst ? -1 : 0,
    0,
    0,
    0,
    0,
  ];
  let isOver = false;
  const firstStage = stage;
  for (let minute = 0; minute < minutes; minute++) {
    if (reached.rolledBackAt === undefined && scenario.attemptsAtMinutes?.includes(minute)) {
      if (run.startAgain === undefined) run = judge.start(setting);
      else run.startAgain(minute);
      [stage, isOver] = [firstStage, false];
    }
    const place = { minute, stage, treated: treatedSlices(judge, stage) };
    const harm = harmOf({ trace, scenario }, place);
    excessBad += harm.excess;
    treatedUnits += harm.treated;
    if (minute % 60 === 59) excessByHour.push(excessBad);
    if (isOver) continue;
    post(mail, trace, place);
    const seen = { minute, stage, arrivals: mail.get(minute) ?? [] };
    mail.delete(minute);
    const beganMs = performance.now();
    const move = run.look(seen);
    microseconds += (performance.now() - beganMs) * 1_000;
    looks += 1;
    note(log, { minute, stage, ...move });
    if (move.does === 'advance') {
      stage = Math.min(stage + 1, STAGE_SHARES.length - 1);
      if (stage === STAGE_SHARES.length - 1) reached.reachedAllAt ??= minute + 1;
    } else if (move.does === 'rollback') {
      reached.rolledBackAt = minute + 1;
      stage = -1;
      isOver = true;
    } else if (move.does === 'over') isOver = true;
  }
  return { log, ...reached, excessBad, treatedUnits, microseconds, looks, excessByHour };
}

interface Place {
  readonly minute: number;
  readonly stage: number;
  /** So many slices are in treatment. */
  readonly treated: number;
}

function treatedSlices({ holdsBack }: Judge, stage: number): number {
  if (stage < STAGE_SHARES.length - 1) return stage + 1;
  return holdsBack === true ? SLICES - 1 : SLICES;
}

/** Puts the telemetry of a minute where it will be delivered, once or twice. */
function post(mail: Map<number, Arrival[]>, trace: Trace, place: Place): void {
  const { minute } = place;
  const at = trace.deliveredAt[minute] ?? -1;
  if (at < 0) return;
  const arrival = arrivalOf(trace, place);
  const times = trace.twice.has(minute) ? [at, at + 1] : [at];
  for (const time of times) mail.set(time, [...(mail.get(time) ?? []), arrival]);
}

function arrivalOf(trace: Trace, { minute, stage, treated }: Place): Arrival {
  const treatment = emptyArm(trace);
  const control = emptyArm(trace);
  for (let slice = 0; slice < SLICES; slice++) {
    const cell = minute * SLICES + slice;
    const isTreated = slice < treated;
    const arm = isTreated ? treatment : control;
    const lost = isTreated ? trace.lost.treatment : trace.lost.control;
    const units = trace.units[cell] ?? 0;
    const lostUnits = lost.units[cell] ?? 0;
    arm.units += units - lostUnits;
    trace.outcomes.forEach(({ bad0, bad1 }, outcome) => {
      const bad = (isTreated ? bad1[stage]?.[cell] : bad0[cell]) ?? 0;
      arm.bad[outcome] = (arm.bad[outcome] ?? 0) + bad - (lost.bad[cell] ?? 0);
    });
    arm.requests += trace.several?.requests[cell] ?? 0;
    arm.errors += trace.several?.errors[cell] ?? 0;
    if (trace.latency !== undefined) addLatency(arm, trace.latency, { cell, isTreated });
  }
  if (trace.several === undefined) {
    for (const arm of [treatment, control]) {
      arm.requests = arm.units;
      arm.errors = arm.bad[0] ?? 0;
    }
  }
  const { visits } = trace;
  if (visits === undefined) return { minute, stage, treatment, control };
  const [first = 0, end = 0] = [visits.firstOf[minute], visits.firstOf[minute + 1]];
  const told = { of: visits, first, end, treatedSlices: treated };
  return { minute, stage, treatment, control, visits: told };
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

/** Unless told otherwise the last outcome counts as the harm: the one with the longest horizon. */
function harmOf(
  { trace, scenario: { harmOutcome } }: Pick<Replay, 'trace' | 'scenario'>,
  { minute, stage, treated }: Place,
) {
  let excess = 0;
  let units = 0;
  const outcome = trace.outcomes.at(harmOutcome ?? -1);
  for (let slice = 0; slice < treated; slice++) {
    const cell = minute * SLICES + slice;
    units += trace.units[cell] ?? 0;
    excess += (outcome?.bad1[stage]?.[cell] ?? 0) - (outcome?.bad0[cell] ?? 0);
  }
  return { excess, treated: units };
}

function note(log: Decision[], decision: Decision): void {
  if (decision.does === 'wait' || decision.does === 'over') return;
  const last = log.at(-1);
  if (last?.does === decision.does && last.reason === decision.reason && decision.does === 'hold') {
    return;
  }
  log.push(decision);
}
