import { requireAtLeast } from '../error/require.ts';
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

/** Above the expectation by a fifth and by four standard errors; neighbouring pairs share a batch. */
function isClustered({ pairs, cappedSquares }: DispersionState): boolean {
  if (pairs < LEAST_PAIRS) return false;
  const standardError = SQUARE_DEVIATION * Math.sqrt(1.5 / pairs);
  return cappedSquares / pairs > EXPECTED_SQUARE + 0.2 + 4 * standardError;
}
