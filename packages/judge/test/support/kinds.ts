import {
  absorb,
  absorbMeans,
  absorbRequests,
  addSlice,
  addStart,
  enterStage,
  type Hypothesis,
  type JudgeState,
  type MeanFigures,
  type Moments,
  NO_MOMENTS,
  sliceId,
} from '../../src/index.ts';
import { counts, hypothesis, judgeOf, type Quad } from './judge.ts';

export const LATENCY: MeanFigures = {
  margin: { relative: 0.05, absolute: 0, worse: 'higher' },
  standardError: 2,
};
const COMMON = { horizonMs: 60_000, role: 'guardrail' } as const;

/** One hypothesis of every kind at one horizon. */
export const KINDS: readonly Hypothesis[] = [
  hypothesis({ id: 'errors', weight: 0.4 }),
  { ...COMMON, id: 'latency', metric: 'latency', weight: 0.3, kind: 'mean', mean: LATENCY },
  {
    ...COMMON,
    id: 'denied',
    metric: 'denied',
    weight: 0.3,
    kind: 'requests',
    harmNull: { ratio: 1.05, excess: 0 },
    baselineRate: 0.01,
  },
];
const MARGIN = { ratio: 1.05, excess: 0.005 };

/** A judge of all kinds and of slices by platform, in its first stage. */
export function beginAll(change: Parameters<typeof judgeOf>[1] = {}): JudgeState {
  const state = judgeOf(KINDS, { laterStarts: true, ...change });
  raiseAll(state);
  return state;
}

export function raiseAll(state: JudgeState): void {
  enterStage(state, {
    stage: state.stage + 1,
    nonInferiority: { errors: MARGIN, denied: MARGIN },
    baselineRates: { denied: 0.02 },
    means: { latency: { harm: LATENCY, nonInferiority: LATENCY } },
  });
}

/** Values of a spread of 40 around a mean. */
export function values(count: number, mean: number): Moments {
  return count === 0 ? NO_MOMENTS : { count, mean, squaredDeviations: 1_600 * (count - 1) };
}

/** One thing that happens to a judge of all kinds; every number is from a small range. */
export interface Happening {
  readonly what: 'raise' | 'start' | 'slice' | 'share' | 'mean' | 'requests';
  readonly quad: Quad;
  readonly sliced: boolean;
  readonly late: boolean;
  readonly harmOnly: boolean;
}

export function happen(state: JudgeState, happening: Happening): void {
  const { what, quad, sliced, late, harmOnly } = happening;
  if (what === 'raise') return raiseAll(state);
  if (what === 'start') return addStart(state);
  const stage = late ? 0 : state.stage;
  const place = (id: string) => ({
    hypothesis: sliced ? slicedId(state, id) : id,
    stage,
    stratum: String(quad[1] % 2),
    harmOnly,
  });
  const [nT, xT, nC, xC] = quad;
  if (what === 'share') absorb(state, { ...place('errors'), counts: counts(quad) });
  if (what === 'mean') {
    const treatment = { fresh: values(nT, 100 + xT), carried: values(xT, 90) };
    absorbMeans(state, { ...place('latency'), treatment, control: values(nC, 100 + xC) });
  }
  if (what === 'requests') {
    const treatment = { exposure: nT / 3, events: xT };
    absorbRequests(state, {
      ...place('denied'),
      treatment,
      control: { exposure: nC / 7, events: xC },
    });
  }
  if (what === 'slice') slicedId(state, 'errors', `v${quad[0]}`);
}

/** The id of a slice, which is added when it is first asked for. */
function slicedId(state: JudgeState, id: string, value = 'ios'): string {
  const slice = { hypothesis: id, dimension: 'platform', value };
  const known = state.hypotheses.some((each) => each.id === sliceId(slice));
  return known ? sliceId(slice) : addSlice(state, { ...slice, minimumSample: 10 });
}
