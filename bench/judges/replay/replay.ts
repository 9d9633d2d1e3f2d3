import type { Arrival, Decision, Judge, JudgeRun, Move, Setting } from '../judge/types.ts';
import type { Scenario, World } from '../scenario/types.ts';
import { type Place, post } from './arrivals.ts';
import { MINUTES, SLICES, STAGE_SHARES, type Trace } from '../trace/types.ts';

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
export function replay(judge: Judge, of: Replay): Replayed {
  const { trace, scenario, minutes = MINUTES } = of;
  const course = new Course(judge, of);
  const mail = new Map<number, Arrival[]>();
  const excessByHour: number[] = [];
  let [excessBad, treatedUnits] = [0, 0];
  for (let minute = 0; minute < minutes; minute++) {
    if (scenario.attemptsAtMinutes?.includes(minute) === true) course.startAgain(minute);
    const { stage } = course;
    const place = { minute, stage, treated: treatedSlices(judge, stage) };
    const harm = harmOf({ trace, scenario }, place);
    excessBad += harm.excess;
    treatedUnits += harm.treated;
    if (minute % 60 === 59) excessByHour.push(excessBad);
    if (course.isOver) continue;
    post(mail, trace, place);
    course.look(minute, mail.get(minute) ?? []);
    mail.delete(minute);
  }
  const { log, reached, microseconds, looks } = course;
  return { log, ...reached, excessBad, treatedUnits, microseconds, looks, excessByHour };
}

/** Where a judge has got to, and what it took. */
class Course {
  readonly log: Decision[] = [];
  readonly reached: { rolledBackAt?: number; reachedAllAt?: number } = {};
  stage: number;
  isOver = false;
  microseconds = 0;
  looks = 0;
  private readonly judge: Judge;
  private readonly setting: Setting;
  private run: JudgeRun;

  constructor(judge: Judge, { trace, scenario, world, followed }: Replay) {
    this.judge = judge;
    this.stage = judge.measuresFirst ? -1 : 0;
    this.setting = {
      scenario,
      seed: trace.seed,
      world,
      ...(followed === undefined ? {} : { followed }),
    };
    this.run = judge.start(this.setting);
  }

  /** The next attempt; none after the judge has rolled one back. */
  startAgain(minute: number): void {
    if (this.reached.rolledBackAt !== undefined) return;
    if (this.run.startAgain === undefined) this.run = this.judge.start(this.setting);
    else this.run.startAgain(minute);
    this.stage = this.judge.measuresFirst ? -1 : 0;
    this.isOver = false;
  }

  look(minute: number, arrivals: readonly Arrival[]): void {
    const { stage } = this;
    const beganMs = performance.now();
    const move = this.run.look({ minute, stage, arrivals });
    this.microseconds += (performance.now() - beganMs) * 1_000;
    this.looks += 1;
    note(this.log, { minute, stage, ...move });
    this.move(minute, move);
  }

  private move(minute: number, { does }: Move): void {
    const last = STAGE_SHARES.length - 1;
    if (does === 'over') this.isOver = true;
    else if (does === 'advance') {
      this.stage = Math.min(this.stage + 1, last);
      if (this.stage === last) this.reached.reachedAllAt ??= minute + 1;
    } else if (does === 'rollback') {
      this.reached.rolledBackAt = minute + 1;
      this.stage = -1;
      this.isOver = true;
    }
  }
}

function treatedSlices({ holdsBack }: Judge, stage: number): number {
  if (stage < STAGE_SHARES.length - 1) return stage + 1;
  return holdsBack === true ? SLICES - 1 : SLICES;
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
