import { absorb, enterStage, type JudgeState, type Null } from '../../src/index.ts';
import { assessHarm } from '../../src/rollout/harm-evidence.ts';
import { hypothesis, judgeOf, type Quad } from './judge.ts';
import { type Random, seeded } from './random.ts';

const STAGES: readonly number[] = [0.01, 0.05, 0.25, 0.5];

/** Users differ: few of them fail often, all others never. The same users come in every stage. */
export interface ClusteredUsers {
  readonly users: number;
  readonly failing: number;
  readonly chance: number;
  readonly shares: readonly number[];
  /** How many times a stage counts each user: once is the rule. */
  readonly timesPerStage: number;
  readonly tellCarried: boolean;
}

/** A judge of one guardrail whose null of harm is p_T <= ratio p_C. */
export function simulatedJudge(
  alphaHarm: number,
  harmNull: Null,
  baselineRate: number,
): JudgeState {
  return judgeOf([hypothesis({ harmNull, baselineRate })], { alphaHarm });
}

/** Looks at every batch. Returns the number of batches until harm was shown, or null. */
export function watchDiurnal(
  state: JudgeState,
  random: Random,
  options: { readonly batches: number; readonly unitsPerBatch: number; readonly ratio: number },
): { readonly batches: number; readonly extra: number } | null {
  const perStage = options.batches / STAGES.length;
  let extra = 0;
  for (let batch = 0; batch < options.batches; batch += 1) {
    const stage = Math.floor(batch / perStage);
    if (batch % perStage === 0) enterStage(state, { stage, nonInferiority: {} });
    const day = Math.sin((2 * Math.PI * batch) / options.batches);
    const units = random.poisson(options.unitsPerBatch * (1 + 0.5 * day));
    const rate = 0.002 * (1 - 0.5 * day + batch / options.batches);
    const nT = random.binomial(units, STAGES[stage] ?? 0);
    const xT = random.binomial(nT, options.ratio * rate);
    const xC = random.binomial(units - nT, rate);
    extra += xT - rate * nT;
    absorbQuad(state, stage, { quad: [nT, xT, units - nT, xC] });
    if (assessHarm(state, 'guardrail').harmful) return { batches: batch + 1, extra };
  }
  return null;
}

/** Whether a feature that does nothing is rolled back, with a look at every one of 10 batches a stage. */
export function isRolledBack(seed: number, alpha: number, crowd: ClusteredUsers): boolean {
  const random = seeded(seed);
  const { users, failing, chance, shares } = crowd;
  const state = simulatedJudge(alpha, { ratio: 1, excess: 0 }, (failing * chance) / users);
  const places = Array.from({ length: failing }, () => random.uniform());
  for (const [stage, share] of shares.entries()) {
    enterStage(state, { stage, nonInferiority: {} });
    const before = shares[stage - 1] ?? 0;
    for (let time = 0; time < crowd.timesPerStage; time += 1) {
      const batches = spread(random, { places, before, share, healthy: users - failing, chance });
      for (const [carried, moved, control] of batches) {
        const treatment = { units: carried.units + moved.units, bad: carried.bad + moved.bad };
        const quad: Quad = [treatment.units, treatment.bad, control.units, control.bad];
        absorbQuad(state, stage, crowd.tellCarried ? { quad, carried } : { quad });
        if (assessHarm(state, 'guardrail').harmful) return true;
      }
    }
  }
  return false;
}

type Counts = { units: number; bad: number };

/** Everyone once, in one of 10 batches: carried over in treatment, moved into it, in control. */
function spread(
  random: Random,
  crowd: {
    readonly places: readonly number[];
    readonly before: number;
    readonly share: number;
    readonly healthy: number;
    readonly chance: number;
  },
): (readonly [carried: Counts, moved: Counts, control: Counts])[] {
  const { before, share, healthy } = crowd;
  const batches = Array.from({ length: 10 }, () => {
    const units = Math.round(healthy / 10);
    const carried = random.binomial(units, before);
    const moved = random.binomial(units - carried, (share - before) / (1 - before));
    return [carried, moved, units - carried - moved].map((of): Counts => ({
      units: of,
      bad: 0,
    })) as [carried: Counts, moved: Counts, control: Counts];
  });
  for (const place of crowd.places) {
    const kind = place < before ? 0 : place < share ? 1 : 2;
    const counts = batches[Math.floor(random.uniform() * 10)]?.[kind];
    if (counts === undefined) continue;
    counts.units += 1;
    if (random.uniform() < crowd.chance) counts.bad += 1;
  }
  return batches;
}

function absorbQuad(
  state: JudgeState,
  stage: number,
  { quad: [nT, xT, nC, xC], carried }: { readonly quad: Quad; readonly carried?: Counts },
): void {
  absorb(state, {
    hypothesis: 'http.error_rate@60000',
    stage,
    stratum: '0',
    counts: { treatment: { units: nT, bad: xT }, control: { units: nC, bad: xC } },
    ...(carried === undefined ? {} : { carried }),
  });
}
