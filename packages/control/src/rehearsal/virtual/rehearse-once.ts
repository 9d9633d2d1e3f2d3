import { unpassed } from '../../controller/demanded.ts';
import { harmfulHypotheses } from '../../controller/evidence-summary.ts';
import { next } from '../../controller/next.ts';
import type { Evidence } from '../../evidence/types.ts';
import { declaredAllocations, largestShare } from '../../plan/stage-allocations.ts';
import type { RolloutState } from '../../rollout/types.ts';
import { batchEndMs } from '../../telemetry/rollout/batches.ts';
import type { RolloutTelemetry } from '../../telemetry/rollout/types.ts';
import { poisson, type Random } from '../random.ts';
import type { Moment } from '../scenario/onset.ts';
import { latencyLaw } from '../service/latency-law.ts';
import type { Rehearsed, RunOutcome } from '../types.ts';
import { closeCounted } from './close-counted.ts';
import { toldAt, trafficAt } from './conditions.ts';
import { Crowd } from './crowd.ts';
import { HarmTally } from './harm-tally.ts';
import { Intake } from './intake.ts';
import { mayDecide } from './may-decide.ts';
import { OutcomeLaws } from './outcomes.ts';
import { Signs } from './signs.ts';
import { UnitTallies } from './unit-tallies.ts';
import { ControlWorld, SERVICE } from './world.ts';

const START_MS = 1_700_000_000_000;
/** So many batches a hold is waited for at least. */
const HELD_BATCHES = 30;
/** Nobody waits longer than so many batches. */
const MAX_BATCHES = 100_000;

/**
 * Plays a rollout through in virtual time, batch by batch, through the production fold, judge, evidence,
 * controller and decisions. Drawn is who comes and who fails; nothing else is by chance, so that the same
 * arguments give the same run. `looksAlways` looks after every batch, whether or not a look could lead to
 * anything: slower, and the same.
 */
export function rehearseOnce(
  rehearsed: Rehearsed,
  random: Random,
  { looksAlways = false }: { readonly looksAlways?: boolean } = {},
): RunOutcome {
  return new Run(rehearsed, random, looksAlways).play();
}

type Position = Pick<RolloutState, 'stage' | 'allocations' | 'frozen'>;

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

class Run {
  private readonly rehearsed: Rehearsed;
  private readonly random: Random;
  private readonly looksAlways: boolean;
  private readonly world: ControlWorld;
  private readonly intake: Intake;
  private readonly telemetry: RolloutTelemetry;
  private readonly crowd: Crowd;
  private readonly laws: OutcomeLaws;
  private readonly units: UnitTallies;
  private readonly harm: HarmTally;
  private readonly signs: Signs;
  private readonly dayPhase: number;
  private readonly enteredAtMs: number[] = [];
  private evidence: Evidence | undefined;
  private waitedFor: string | undefined;

  constructor(rehearsed: Rehearsed, random: Random, looksAlways: boolean) {
    const { plan, service, scenario } = rehearsed;
    this.rehearsed = rehearsed;
    this.random = random;
    this.looksAlways = looksAlways;
    this.dayPhase = random();
    this.world = new ControlWorld(plan, START_MS);
    const { graceMs, reportIntervalMs } = service.timing;
    this.intake = new Intake({ graceMs, reportIntervalMs });
    this.intake.greet(this.world.rollout.version, START_MS);
    this.intake.change(this.world.rollout, START_MS);
    this.telemetry = this.intake.telemetry(this.world.rollout);
    this.telemetry.baselineServices.push(SERVICE);
    const { hypotheses } = this.telemetry;
    const latency = latencyLaw(service.latency);
    this.crowd = new Crowd({
      returningShare: service.returningShare.value,
      audienceShare: service.audienceShare.value,
      random,
    });
    this.laws = new OutcomeLaws(hypotheses, scenario, { model: service, latency });
    this.units = new UnitTallies(this.telemetry, random, latency);
    this.harm = new HarmTally(hypotheses, scenario);
    this.signs = new Signs(this.intake);
  }

  play(): RunOutcome {
    const { plan, service } = this.rehearsed;
    const { graceMs, delayMs } = service.timing;
    // So long after the end of a batch it is closed, and what follows from it is served.
    const lag = Math.floor((graceMs + delayMs) / plan.batchMs);
    const intoBatchMs = (graceMs + delayMs) % plan.batchMs;
    for (let batch = 0; batch < MAX_BATCHES; batch++) {
      const fromMs = START_MS + batch * plan.batchMs;
      const nowMs = fromMs + intoBatchMs;
      const before = this.world.rollout;
      if (batch > 0) this.signs.report(before, fromMs);
      const closes = batch - 1 - lag;
      const moved = closes >= 0 && this.closeAndLook(closes, nowMs);
      if (moved) this.arrive(before, { fromMs, toMs: nowMs });
      const end = this.endBy(nowMs);
      if (end !== undefined) return end;
      const toMs = fromMs + plan.batchMs;
      this.arrive(this.world.rollout, { fromMs: moved ? nowMs : fromMs, toMs });
    }
    return this.outcome('unfinished', START_MS + MAX_BATCHES * plan.batchMs);
  }

  /** True when units are served otherwise from now on. */
  private closeAndLook(batch: number, nowMs: number): boolean {
    const { state } = this.intake;
    const environment = state.environments.get(this.telemetry.environmentKey);
    if (environment === undefined || batchEndMs(this.telemetry, batch) > nowMs) return false;
    const closing = { batch, closedAtMs: nowMs, environment, options: state.options };
    closeCounted(this.telemetry, closing, this.units);
    const mayMove = this.looksAlways || mayDecide(this.telemetry, nowMs, state.options.graceMs);
    return mayMove && this.look(nowMs);
  }

  private look(nowMs: number): boolean {
    const { rollout } = this.world;
    const evidence = this.intake.evidence(rollout, nowMs);
    if (evidence === undefined) return false;
    const { command, waitsFor } = next({ rollout, flagDown: false, evidence, nowMs });
    this.evidence = evidence;
    if (command === undefined) {
      this.waitedFor = waitsFor?.code;
      return false;
    }
    this.world.obey(command, nowMs);
    const { rollout: after } = this.world;
    this.intake.change(after, nowMs);
    if (after.stage > rollout.stage) this.enteredAtMs.push(nowMs - START_MS);
    return after.stage !== rollout.stage || after.status === 'rolledBack';
  }

  private arrive(position: Position, { fromMs, toMs }: Span): void {
    if (toMs <= fromMs) return;
    const { service, scenario } = this.rehearsed;
    const { stage, allocations, frozen } = position;
    const atMs = (fromMs + toMs) / 2;
    const { dayPhase } = this;
    const perSecond = trafficAt(service, scenario, { sinceStartMs: atMs - START_MS, dayPhase });
    const count = poisson(this.random, (perSecond * (toMs - fromMs)) / 1_000);
    const at = this.moment(position, atMs - START_MS);
    const harm = this.units.add({
      stage,
      atMs,
      groups: this.crowd.come(count, stage, allocations),
      chances: this.laws.at(at, frozen),
      told: toldAt(scenario, at),
    });
    this.harm.add(harm);
    this.signs.note(stage, harm);
  }

  private moment({ stage, allocations }: Position, sinceStartMs: number): Moment {
    const { plan } = this.rehearsed;
    const declared = stage < 0 ? [] : declaredAllocations(plan, stage);
    const served = stage < 0 ? [] : allocations;
    const firstAtMs = this.enteredAtMs[0] ?? sinceStartMs;
    return {
      sharePerMillion: largestShare(served),
      stagePerMillion: largestShare(declared),
      sinceFirstMs: sinceStartMs - firstAtMs,
    };
  }

  private endBy(nowMs: number): RunOutcome | undefined {
    const { status, statusSinceMs } = this.world.rollout;
    if (status === 'completed' || status === 'rolledBack' || status === 'paused') {
      return this.outcome(status, nowMs);
    }
    const gaveUp = status === 'held' && nowMs - statusSinceMs >= this.patienceMs();
    return gaveUp ? this.outcome('held', nowMs) : undefined;
  }

  /** Twice as long as the plan waits itself: what has not come by then does not come. */
  private patienceMs(): number {
    const { plan, cause } = this.world.rollout;
    const usualMs = Math.max(2 * plan.whenBlind.holdMs, HELD_BATCHES * plan.batchMs);
    if (cause?.code !== 'baseline_missing') return usualMs;
    return Math.max(usualMs, 2 * plan.whenStageTooLong.afterMs);
  }

  private outcome(end: RunOutcome['end'], nowMs: number): RunOutcome {
    const { rollout } = this.world;
    const { evidence, waitedFor } = this;
    const isHarm = end === 'rolledBack' && evidence !== undefined;
    const stopped = end !== 'rolledBack' && end !== 'completed' && evidence !== undefined;
    return {
      end,
      reason: rollout.cause?.code ?? end,
      endedAtMs: nowMs - START_MS,
      stage: rollout.stage,
      enteredAtMs: this.enteredAtMs,
      harmedUnits: this.harm.units,
      treatedUnits: this.harm.treated,
      named: isHarm ? harmfulHypotheses(evidence) : [],
      ...(waitedFor === undefined ? {} : { waitedFor }),
      unpassed:
        stopped && rollout.stage >= 0 ? unpassed(rollout, evidence).map(({ id }) => id) : [],
    };
  }
}
