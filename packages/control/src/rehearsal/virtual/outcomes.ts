import { latencyBucketUpperEdgeMs } from '@downhaul/engine';
import type { FrozenFigures } from '../../rollout/types.ts';
import type { Hypothesis } from '../../telemetry/rollout/hypotheses.ts';
import { binomial, type Random } from '../random.ts';
import { rateChances, slowChances, type OutcomeChances } from '../scenario/outcome-law.ts';
import { isSteady, type Moment } from '../scenario/onset.ts';
import type { Effect, Scenario } from '../scenario/types.ts';
import type { LatencyLaw } from '../service/latency-law.ts';
import type { ServiceModel } from '../service/types.ts';
import type { Group } from './crowd.ts';

/** Bad units of a group, and how many of treatment are bad because of the feature. */
export interface BadUnits {
  fresh: number;
  carried: number;
  control: number;
  extra: number;
}

/** The chances of every hypothesis of a plan under a scenario. */
export class OutcomeLaws {
  private readonly effects: readonly (readonly Effect[])[];
  private readonly isSteady: boolean;
  private remembered:
    | {
        readonly frozen: FrozenFigures | undefined;
        readonly share: number;
        readonly stage: number;
        readonly chances: readonly (OutcomeChances | undefined)[];
      }
    | undefined;
  private readonly hypotheses: readonly Hypothesis[];
  private readonly service: ServiceModel;
  private readonly latency: LatencyLaw;

  constructor(
    hypotheses: readonly Hypothesis[],
    scenario: Scenario,
    service: { readonly model: ServiceModel; readonly latency: LatencyLaw },
  ) {
    this.hypotheses = hypotheses;
    this.service = service.model;
    this.latency = service.latency;
    this.effects = hypotheses.map((hypothesis) => effectsOn(hypothesis, scenario));
    this.isSteady = scenario.effects.every(({ onset }) => isSteady(onset));
  }

  /** By hypothesis; undefined for latency in a stage that has frozen no threshold for it. */
  at(moment: Moment, frozen: FrozenFigures | undefined): readonly (OutcomeChances | undefined)[] {
    const known = this.remembered;
    const { sharePerMillion: share, stagePerMillion: stage } = moment;
    const isSame = known?.frozen === frozen && known?.share === share && known.stage === stage;
    if (known !== undefined && isSame) return known.chances;
    const chances = this.chancesAt(moment, frozen);
    if (this.isSteady) this.remembered = { frozen, share, stage, chances };
    return chances;
  }

  private chancesAt(
    moment: Moment,
    frozen: FrozenFigures | undefined,
  ): (OutcomeChances | undefined)[] {
    return this.hypotheses.map((hypothesis, index) => {
      const terms = { effects: this.effects[index] ?? [], at: moment };
      if (hypothesis.kind !== 'slow') {
        const rate = this.service.rates[hypothesis.metric]?.value ?? 0;
        return rateChances(hypothesis.kind, rate, terms);
      }
      const bucket = frozen?.hypotheses[hypothesis.id]?.latencyBucket;
      if (bucket === undefined) return undefined;
      return slowChances(latencyBucketUpperEdgeMs(bucket), this.latency, terms);
    });
  }
}

/** The effects of a scenario that a hypothesis can see; «everything» means the guardrails. */
export function effectsOn(
  { metric, role }: Pick<Hypothesis, 'metric' | 'role'>,
  { effects }: Scenario,
): readonly Effect[] {
  return effects.filter((effect) =>
    effect.metric === undefined ? role === 'guardrail' : effect.metric === metric,
  );
}

/** Draws who of a group is bad. Those who would be bad as control are so in treatment, unless it helps. */
export function drawBad(random: Random, group: Group, chances: OutcomeChances): BadUnits {
  const { treatment, control } = chances;
  const fresh = drawTreated(random, group.fresh, chances);
  const carried = drawTreated(random, group.carried, chances);
  return {
    fresh: fresh.bad,
    carried: carried.bad,
    control: binomial(random, group.control, control),
    extra: treatment === control ? 0 : fresh.extra + carried.extra,
  };
}

function drawTreated(random: Random, units: number, { treatment, control }: OutcomeChances) {
  if (units === 0) return { bad: 0, extra: 0 };
  if (treatment <= control) {
    const usual = binomial(random, units, control);
    const bad = treatment === control ? usual : binomial(random, usual, treatment / control);
    return { bad, extra: bad - usual };
  }
  const usual = binomial(random, units, control);
  const extra = binomial(random, units - usual, (treatment - control) / (1 - control));
  return { bad: usual + extra, extra };
}
