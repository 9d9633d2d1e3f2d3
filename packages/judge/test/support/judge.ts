import {
  absorb,
  createJudge,
  enterStage,
  type Hypothesis,
  judgeConfig,
  type JudgeConfig,
  type JudgeState,
  type ShareHypothesis,
} from '../../src/index.ts';

/** [treatment units, bad among them, control units, bad among them] */
export type Quad = readonly [nT: number, xT: number, nC: number, xC: number];

export const MARGIN = { ratio: 1.05, excess: 0.001 };

export function hypothesis(change: Partial<ShareHypothesis> = {}): ShareHypothesis {
  return {
    id: 'http.error_rate@60000',
    metric: 'http.error_rate',
    horizonMs: 60_000,
    role: 'guardrail',
    weight: 1,
    harmNull: { ratio: 1.05, excess: 0 },
    baselineRate: 0.001,
    ...change,
  };
}

export function judgeOf(
  hypotheses: readonly Hypothesis[] = [hypothesis()],
  change: Partial<JudgeConfig> = {},
): JudgeState {
  return createJudge(judgeConfig({ hypotheses, ...change }));
}

/** Enters a stage with the same margin for all hypotheses. */
export function enter(state: JudgeState, stage: number): void {
  const ids = state.config.hypotheses.map(({ id }) => id);
  enterStage(state, {
    stage,
    nonInferiority: Object.fromEntries(ids.map((id) => [id, MARGIN])),
  });
}

export function counts([nT, xT, nC, xC]: Quad) {
  return { treatment: { units: nT, bad: xT }, control: { units: nC, bad: xC } };
}

/** Absorbs a batch of the first hypothesis, or of the one named, in the present stage. */
export function take(
  state: JudgeState,
  quad: Quad,
  {
    id,
    stage = state.stage,
    harmOnly,
    carried,
  }: {
    readonly id?: string;
    readonly stage?: number;
    readonly harmOnly?: true;
    /** Of treatment: those whom an earlier stage had there, and the bad ones among them. */
    readonly carried?: readonly [units: number, bad: number];
  } = {},
): void {
  absorb(state, {
    hypothesis: id ?? state.config.hypotheses[0]?.id ?? '',
    stage,
    stratum: '0',
    counts: counts(quad),
    ...(harmOnly ? { harmOnly } : {}),
    ...(carried ? { carried: { units: carried[0], bad: carried[1] } } : {}),
  });
}

/** The state of a share by its place in the configuration. */
export function shareAt(state: JudgeState, index = 0) {
  const own = state.hypotheses[index];
  if (own?.kind !== 'share') throw new Error(`hypothesis ${index} is no share`);
  return own;
}
