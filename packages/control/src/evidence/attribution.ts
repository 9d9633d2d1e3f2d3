import { type Assessment, assessAttribution, explainAttribution } from '@downhaul/judge';
import { attributionAlpha } from '../telemetry/context/attributing.ts';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';
import type { AttributedHypothesis, AttributionPart } from './types.ts';

/**
 * Whose fault a worsening is, guardrail by guardrail. The whole is `shared` where one guardrail is, else the
 * `feature`'s where harm is shown, else the `service`'s where control alone is worse than the baseline.
 * Undefined before the first stage.
 */
export function attributionEvidence(
  telemetry: RolloutTelemetry,
  { harm }: Pick<Assessment, 'harm'>,
): AttributionPart | undefined {
  const states = Object.entries(telemetry.context.attribution);
  if (states.length === 0) return undefined;
  const alpha = attributionAlpha(telemetry);
  const hypotheses = states.map(
    ([hypothesis, { process, sharedSinceMs }]): AttributedHypothesis => {
      const own = harm.attribution.find((each) => each.hypothesis === hypothesis);
      const { logE = 0, limit = harm.limit } = own ?? {};
      const assessed = assessAttribution(process, { logE, limit }, alpha);
      const { attribution, because, evidence } = assessed;
      const { controlAboveBaseline: control, serviceWithShare: share } = evidence;
      return {
        hypothesis,
        attribution,
        because,
        text: explainAttribution(assessed),
        controlAboveBaseline: { logE: control.logE, limit: control.limit },
        serviceWithShare: { logE: share.logE, limit: share.limit },
        ...(sharedSinceMs === null ? {} : { sharedSinceMs }),
      };
    },
  );
  return { attribution: wholeOf(hypotheses, harm.harmful), hypotheses };
}

/** Those whose control is worse, be it the service's fault or not yet known whose. */
export function serviceWorse(part: AttributionPart | undefined): readonly AttributedHypothesis[] {
  return (part?.hypotheses ?? []).filter(
    ({ because }) =>
      because === 'control_worse_with_treatment' || because === 'control_worse_share_undecided',
  );
}

/** Those whose control is worse because of the share. */
export function sharedWorse(part: AttributionPart | undefined): readonly AttributedHypothesis[] {
  return (part?.hypotheses ?? []).filter(({ attribution }) => attribution === 'shared');
}

function wholeOf(
  hypotheses: readonly AttributedHypothesis[],
  harmful: boolean,
): AttributionPart['attribution'] {
  if (hypotheses.some(({ attribution }) => attribution === 'shared')) return 'shared';
  if (harmful) return 'feature';
  return hypotheses.some(({ attribution }) => attribution === 'service') ? 'service' : null;
}
