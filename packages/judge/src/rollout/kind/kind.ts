import type { NonInferiorityAssessment, TotalsAssessment } from '../assessment.ts';
import type { StageEntry } from '../stage-entry.ts';
import type {
  Hypothesis,
  HypothesisState,
  JudgeConfig,
  MeanHypothesis,
  MeanState,
  RequestsHypothesis,
  ShareHypothesis,
  ShareState,
  SliceOf,
} from '../types.ts';

/** What the state of a hypothesis has before anything was seen. */
export interface Begun {
  readonly hypothesis: Hypothesis;
  readonly id: string;
  readonly weight: number;
  readonly slice: SliceOf | null;
}

/**
 * One kind of evidence. Evidence of harm and of non-inferiority are e-processes of their own null, so those
 * of all kinds enter the same weighted sum. A further kind is a further folder with these functions.
 */
export interface Kind<State extends HypothesisState> {
  /** Throws `JudgeInputError` for figures from which no evidence can be computed. */
  readonly require: (hypothesis: HypothesisOf<State>, field: string) => void;
  readonly create: (begun: Begun & { readonly hypothesis: HypothesisOf<State> }) => State;
  /** Takes over a stage's figures and begins its evidence of non-inferiority. The entry was checked. */
  readonly enterStage: (own: State, entry: StageEntry, config: JudgeConfig) => void;
  /** Gives a slice, just created, the figures of the hypothesis that it is of. */
  readonly takeFigures: (own: State, parent: State, config: JudgeConfig) => void;
  /** A start of harm evidence at a stage, before it has seen anything. */
  readonly createStart: (
    own: State,
    stage: number,
    config: JudgeConfig,
  ) => State['starts'][number]['process'];
  /** ln e against harmlessness, of one start. */
  readonly logHarm: (own: State, process: State['starts'][number]['process']) => number;
  /** Never below `logHarm`, and cheaper; absent where that is cheap itself. */
  readonly harmCeiling?: (own: State, process: State['starts'][number]['process']) => number;
  /** ln e against inferiority at the present stage; undefined where the stage set no margin. */
  readonly logNonInferiority: (own: State) => number | undefined;
  /** What is said beside it: the null or margin that was refuted or not. */
  readonly claimed: (
    own: State,
  ) => Pick<NonInferiorityAssessment, 'null' | 'margin' | 'noSpread' | 'approximate'>;
  /** Treatment units (or exposure) of a stage. */
  readonly unitsAt: (own: State, stage: number) => number;
  /** Figures for people, by stage, and of all stages together as stage -1. */
  readonly totals: (own: State) => TotalsAssessment[];
}

/** The configuration that a state was made from. */
export type HypothesisOf<State extends HypothesisState> = State extends ShareState
  ? ShareHypothesis
  : State extends MeanState
    ? MeanHypothesis
    : RequestsHypothesis;
