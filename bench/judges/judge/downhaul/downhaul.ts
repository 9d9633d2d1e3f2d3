import { DEFAULT_TELEMETRY_OPTIONS, next, type Plan, PLAN_DEFAULTS } from '@downhaul/control';
import { randomOf } from '../../trace/random.ts';
import { HOLDBACK } from '../../trace/types.ts';
import type { Judge, JudgeRun, Move, Seen, Setting } from '../types.ts';
import { CountFeed } from '../../../../packages/control/src/rehearsal/virtual/count-feed.ts';
import type { Feed } from '../../../../packages/control/src/rehearsal/virtual/feed.ts';
import { Intake } from '../../../../packages/control/src/rehearsal/virtual/intake.ts';
import { planOf } from './plan.ts';
import { UnitFeed } from './unit-feed.ts';
import { VisitFeed } from './visit-feed.ts';
import {
  ControlWorld,
  ENVIRONMENT,
  FLAG,
} from '../../../../packages/control/src/rehearsal/virtual/world.ts';

const START_MS = 1_700_000_000_000;
const MINUTE_MS = 60_000;
const DEFAULTS = DEFAULT_TELEMETRY_OPTIONS;

interface Terms {
  /** Share that the last stage leaves in control. */
  readonly holdback: number;
  readonly byUnit: boolean;
  /** Above it a slice of the units is measured. */
  readonly maxUnits?: number;
  readonly plan?: Partial<Plan>;
  readonly bakeMinutes?: readonly number[];
}

/** What a plan could say instead of its defaults: each answers one question, and runs only where it is named. */
const VARIANTS: Readonly<Record<string, { readonly label: string } & Omit<Terms, 'byUnit'>>> = {
  'downhaul-all-units': { label: 'every unit measured', holdback: 0, maxUnits: 1e9 },
  ...Object.fromEntries(
    [5, 10, 20, 100, 500].map((harmBudget) => [
      `downhaul-budget-${harmBudget}`,
      { label: `harm budget ${harmBudget}`, holdback: HOLDBACK, plan: { harmBudget } },
    ]),
  ),
  'downhaul-too-long-back': {
    label: 'a stage that takes too long rolls back',
    holdback: HOLDBACK,
    plan: { whenStageTooLong: { ...PLAN_DEFAULTS.whenStageTooLong, then: 'rollback' } },
  },
  'downhaul-long-bake-5': {
    label: 'bakes 12 h at 5 %',
    holdback: HOLDBACK,
    bakeMinutes: [30, 720, 30, 30, 30],
  },
  'downhaul-long-bake-25': {
    label: 'bakes 12 h at 25 %',
    holdback: HOLDBACK,
    bakeMinutes: [30, 30, 720, 30, 30],
  },
};

/**
 * The product: its fold, judge, evidence, controller and decisions, over counts instead of unit records.
 * Once as it is when a plan says nothing, and once with 5 % held back, so that there is always a control.
 */
export const DOWNHAUL: readonly Judge[] = [
  {
    key: 'downhaul',
    label: 'Downhaul',
    measuresFirst: true,
    start: (setting) => new DownhaulRun(setting, { holdback: 0, byUnit: false }),
  },
  {
    key: 'downhaul-holdback',
    label: 'Downhaul, 5 % held back',
    measuresFirst: true,
    holdsBack: true,
    start: (setting) => new DownhaulRun(setting, { holdback: HOLDBACK, byUnit: false }),
  },
  ...Object.entries(VARIANTS).map(([key, { label, ...terms }]): Judge => ({
    key,
    label: `Downhaul, ${label}`,
    measuresFirst: true,
    onDemand: true,
    holdsBack: terms.holdback > 0,
    start: (setting) => new DownhaulRun(setting, { byUnit: false, ...terms }),
  })),
];

/**
 * The same with every unit in a report of its own kind: nothing of the product is stood for by counts.
 * Too slow for the benchmark; a test holds that it decides the same.
 */
export const DOWNHAUL_BY_UNIT: Judge = {
  key: 'downhaul-by-unit',
  label: 'Downhaul, unit by unit',
  measuresFirst: true,
  start: (setting) => new DownhaulRun(setting, { holdback: 0, byUnit: true }),
};

class DownhaulRun implements JudgeRun {
  private readonly world: ControlWorld;
  private readonly intake = new Intake();
  private readonly setting: Setting;
  private readonly terms: Terms;
  private feed: Feed;

  constructor(setting: Setting, terms: Terms) {
    this.setting = setting;
    this.terms = terms;
    const { holdback, bakeMinutes, plan } = terms;
    const scenario =
      bakeMinutes === undefined ? setting.scenario : { ...setting.scenario, bakeMinutes };
    this.world = new ControlWorld({ ...planOf(scenario, holdback), ...plan }, START_MS);
    const { rollout } = this.world;
    this.intake.greet(rollout.version, START_MS);
    this.intake.change(rollout, START_MS);
    this.feed = this.feedOf();
  }

  /** The owner's rollback and the next attempt: the same users in the same arms, half of the alpha. */
  startAgain(minute: number): void {
    const nowMs = START_MS + minute * MINUTE_MS;
    const target = { flag: FLAG, environment: ENVIRONMENT };
    const cause = { code: 'manual', text: 'The owner starts again.' };
    this.world.obey({ type: 'rollbackRollout', ...target, cause }, nowMs);
    this.intake.change(this.world.rollout, nowMs);
    this.world.obey({ type: 'startRollout', ...target }, nowMs);
    this.intake.change(this.world.rollout, nowMs);
    this.feed = this.feedOf();
  }

  private feedOf(): Feed {
    const { scenario, seed, world } = this.setting;
    const { byUnit, maxUnits = DEFAULTS.maxUnits } = this.terms;
    const startMs = START_MS;
    if (world.population !== undefined) {
      return new VisitFeed(this.intake, { scenario, world, startMs });
    }
    if (byUnit) return new UnitFeed(this.intake, startMs);
    const random = randomOf(`${scenario.key}/${seed}/slice`);
    return new CountFeed(this.intake, { rollout: this.world.rollout, startMs, random, maxUnits });
  }

  look(seen: Seen): Move {
    const endMs = START_MS + (seen.minute + 1) * MINUTE_MS;
    for (const arrival of seen.arrivals) this.feed.receive(arrival, this.world.rollout, endMs);
    const nowMs = endMs + DEFAULTS.graceMs;
    this.feed.close(this.world.rollout, nowMs);
    return this.decide(nowMs);
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
