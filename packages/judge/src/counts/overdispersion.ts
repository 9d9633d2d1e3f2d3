import { requireAtLeast } from '../error/require.ts';
import { normalCdf } from '../special/normal.ts';
import type { ArmEvents } from './rate-process.ts';

/** Events that two neighbouring batches must have together to tell anything about their spread. */
const LEAST_EVENTS = 5;

/** Such pairs of batches before the spread is judged. */
const LEAST_PAIRS = 20;

/** A pair counts at most this much, so that the start and the end of an incident do not decide. */
const LARGEST_SQUARE = 4;

/** Mean and standard deviation of min(z^2, 4) for a standard normal z. */
const EXPECTED_SQUARE = 0.9205;
const SQUARE_DEVIATION = 1.11;

/** How much more a rate varies from batch to batch than independent events would. Plain data. */
export interface DispersionState {
  /** Pairs of neighbouring batches compared so far. */
  pairs: number;
  /** Sum over pairs of the squared difference of the rates in standard errors; and with each at most 4. */
  squares: number;
  cappedSquares: number;
  last: ArmEvents | null;
  /** True from the first time that events were shown to come in clusters, for good. */
  clustered: boolean;
}

export function createDispersion(): DispersionState {
  return { pairs: 0, squares: 0, cappedSquares: 0, last: null, clustered: false };
}

/**
 * Takes in control's events of a closed batch, changing the state. Feed it the baseline before the rollout,
 * then control: so the form of evidence is settled before the first unit is treated. Neighbouring
 * batches are compared, so slow changes over the day do not count as spread.
 */
export function absorbDispersion(state: DispersionState, batch: ArmEvents): void {
  requireAtLeast('exposure', batch.exposure, 0);
  requireAtLeast('events', batch.events, 0);
  if (batch.exposure === 0) return;
  if (state.last !== null) compare(state, state.last, batch);
  state.last = { exposure: batch.exposure, events: batch.events };
  state.clustered ||= isClustered(state);
}

/** Observed over expected variance: about 1 for independent events, the mean cluster size for clusters. */
export function overdispersion(state: DispersionState): number {
  return state.pairs === 0 ? 1 : state.squares / state.pairs;
}

/** Standard errors above the mean that are taken for it: the first bursts are believed a little too early. */
const CAUTION = 0.5;

/** Beyond it capped squares hardly tell sizes of clusters apart. */
const LARGEST_FACTOR = 50;
const STEPS = 40;
const FACTORS = Array.from({ length: STEPS + 1 }, (_, step) => LARGEST_FACTOR ** (step / STEPS));
const MEANS = FACTORS.map(meanCappedSquare);

/**
 * How many events count as one: the figure of `overdispersion`, at least 1, half a standard error above what
 * was seen, and from squares of at most 4, so that the beginning and the end of an incident do not decide.
 * Events in clusters of s give a mean of min(s z^2, 4); s is read off it, on straight lines between known
 * points. 1 before there is a pair.
 */
export function eventsPerCluster({ pairs, cappedSquares }: DispersionState): number {
  if (pairs === 0) return 1;
  const mean = cappedSquares / pairs + CAUTION * standardErrorOf(pairs);
  const above = MEANS.findIndex((known) => known >= mean);
  if (above === 0) return 1;
  const [lowMean = 0, highMean = 0] = [MEANS[above - 1], MEANS[above]];
  const [low = 1, high] = [FACTORS[above - 1], FACTORS[above]];
  if (high === undefined) return LARGEST_FACTOR;
  return low + ((high - low) * (mean - lowMean)) / (highMean - lowMean);
}

/**
 * Mean of min(s z^2, 4) for a standard normal z: with c = 2 / sqrt(s) it is
 * s (2 Phi(c) - 1 - 2 c phi(c)) + 8 (1 - Phi(c)).
 */
function meanCappedSquare(factor: number): number {
  const cut = Math.sqrt(LARGEST_SQUARE / factor);
  const above = normalCdf(-cut);
  const density = Math.exp((-cut * cut) / 2) / Math.sqrt(2 * Math.PI);
  return factor * (1 - 2 * above - 2 * cut * density) + 2 * LARGEST_SQUARE * above;
}

function compare(state: DispersionState, before: ArmEvents, now: ArmEvents): void {
  const events = before.events + now.events;
  if (events < LEAST_EVENTS) return;
  const rate = events / (before.exposure + now.exposure);
  const apart = now.events / now.exposure - before.events / before.exposure;
  const square = (apart * apart) / (rate * (1 / now.exposure + 1 / before.exposure));
  state.pairs += 1;
  state.squares += square;
  state.cappedSquares += Math.min(square, LARGEST_SQUARE);
}

/** Above the expectation by a fifth and by four standard errors. */
function isClustered({ pairs, cappedSquares }: DispersionState): boolean {
  if (pairs < LEAST_PAIRS) return false;
  return cappedSquares / pairs > EXPECTED_SQUARE + 0.2 + 4 * standardErrorOf(pairs);
}

/** Of the mean of capped squares where events come one by one; neighbouring pairs share a batch. */
function standardErrorOf(pairs: number): number {
  return SQUARE_DEVIATION * Math.sqrt(1.5 / pairs);
}
