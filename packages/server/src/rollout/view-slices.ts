import type { Evidence } from '@downhaul/control';
import type { Static } from 'typebox';
import type { RolloutAnswer } from '../http/schema/rollout.ts';
import { evidenceView, totalsView } from './view-guardrails.ts';

/** Every value that the plan tells apart, with its verdict and its guardrails' figures of all stages. */
export function viewSlices({ slices, totals }: Evidence): Static<typeof RolloutAnswer>['slices'] {
  if (slices.length === 0) return [];
  const byId = new Map(
    totals.filter(({ stage }) => stage === -1).map((each) => [each.hypothesis, each]),
  );
  return slices.map(({ dimension, value, verdict, minimumSample, units, harm }) => ({
    dimension,
    value,
    verdict,
    minimumSample,
    units: { ...units },
    guardrails: harm.map((evidence) => ({
      hypothesis: evidence.slice?.hypothesis ?? evidence.hypothesis,
      harm: evidenceView(evidence),
      ...totalsView(byId.get(evidence.hypothesis)),
    })),
  }));
}
