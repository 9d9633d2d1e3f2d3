import { meanKind } from '../mean/mean-kind.ts';
import { requestsKind } from '../requests/requests-kind.ts';
import { shareKind } from '../share/share-kind.ts';
import type { Hypothesis, HypothesisState } from '../types.ts';
import type { Kind } from './kind.ts';

type KindName = HypothesisState['kind'];
type Kinds = { readonly [Name in KindName]: Kind<Extract<HypothesisState, { kind: Name }>> };

const KINDS: Kinds = { share: shareKind, mean: meanKind, requests: requestsKind };

/** The functions for a state or a hypothesis of this kind. */
export function kindOf(of: Pick<Hypothesis | HypothesisState, 'kind'>): Kind<HypothesisState> {
  // The name chooses the functions, so a state only ever meets those of its own kind.
  return KINDS[of.kind ?? 'share'] as unknown as Kind<HypothesisState>;
}
