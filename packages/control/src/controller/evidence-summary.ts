import type { EvidenceBasis, EvidenceSummary } from '../command/types.ts';
import { sharedWorse } from '../evidence/attribution.ts';
import { isTooLate } from '../evidence/late.ts';
import { notFresh } from '../evidence/sources.ts';
import type { Evidence } from '../evidence/types.ts';
import { unpassed } from './demanded.ts';
import { judgingFailed } from './fault.ts';
import { sentencesOf } from './sentences.ts';
import type { ControllerInput } from './types.ts';

/** What a command carries of the evidence, so that the decision can be understood and repeated. */
export function withEvidence(input: ControllerInput): {
  evidence?: EvidenceSummary;
  basis?: EvidenceBasis;
} {
  const { evidence, nowMs } = input;
  if (evidence === undefined) return {};
  const { logE, limit } = evidence.assessment.harm;
  return {
    evidence: {
      throughSequence: evidence.throughSequence,
      judgeVersion: evidence.judgeVersion,
      decidedAtMs: nowMs,
      verdict: verdictOf(input, evidence),
      sentences: sentencesOf(input),
      harm: { logE, limit, attribution: harmfulHypotheses(evidence) },
      units: evidence.units,
    },
    basis: basisOf(evidence),
  };
}

/** What evidence is of, for the command that is built on it. */
export function basisOf({ rollout, stage, throughPosition }: Evidence): EvidenceBasis {
  return { rollout, stage, throughPosition };
}

/**
 * The hypotheses that show harm each by itself; where only their sum does, the strongest. The empty
 * list where nothing shows harm.
 */
export function harmfulHypotheses(evidence: Evidence): string[] {
  const { harmful, attribution } = evidence.assessment.harm;
  if (!harmful) return withoutHarm(evidence);
  const alone = attribution.filter(({ logE, limit }) => logE >= limit);
  if (alone.length > 0) return alone.map(({ hypothesis }) => hypothesis);
  const strongest = attribution.toSorted((one, other) => part(other) - part(one))[0];
  return strongest === undefined ? [] : [strongest.hypothesis];
}

/** ln of what a hypothesis adds to the sum, as a part of what would suffice. */
function part({ logE, limit }: { readonly logE: number; readonly limit: number }): number {
  return logE - limit;
}

/** What takes a feature down where treatment is not shown to be worse than control. */
function withoutHarm({ attribution, wholeStage, watch }: Evidence): string[] {
  return [
    ...new Set([
      ...sharedWorse(attribution).map(({ hypothesis }) => hypothesis),
      ...(wholeStage?.raised ?? []),
      ...(wholeStage?.lasting ?? []),
      ...(watch?.against === 'holdback' ? watch.alarms : []),
    ]),
  ];
}

function verdictOf(input: ControllerInput, evidence: Evidence): EvidenceSummary['verdict'] {
  const { rollout } = input;
  if (harmfulHypotheses(evidence).length > 0) return 'harmful';
  if (judgingFailed(input) !== undefined) return 'blind';
  const blind = evidence.freshness !== 'fresh' || notFresh(evidence.sources).length > 0;
  if (blind || isTooLate(evidence)) return 'blind';
  if (rollout.unguarded || rollout.stage < 0 || evidence.wholeStage !== undefined) {
    return 'inconclusive';
  }
  return unpassed(rollout, evidence).length === 0 ? 'safe' : 'inconclusive';
}
