import type { Evidence, RolloutState, RolloutTelemetry } from '@downhaul/control';

import { type MetricView, viewMetric } from './view-metric.ts';

type Hypothesis = RolloutTelemetry['hypotheses'][number];

/** One hypothesis (a guardrail, signal or success criterion at one horizon), evidence against limit. */
interface GuardrailView extends FiguresView, MetricView {
  readonly hypothesis: string;
  readonly metric: string;
  readonly quantile?: number;
  readonly role: 'guardrail' | 'signal' | 'success';
  readonly horizonMs: number;
  readonly verdict: 'harmful' | 'safe' | 'inconclusive';
  readonly harm?: EvidenceView;
  readonly nonInferiority?: EvidenceView;
  readonly frozen?: {
    readonly baselineRate: number;
    readonly harmBound: number;
    readonly latencyThresholdMs?: number;
    readonly quantileUsed?: number;
  };
}

interface EvidenceView {
  readonly logE: number;
  readonly limit: number;
  /** Evidence as a part of its limit, from 0 to 1; at 1 it acts. */
  readonly part: number;
}

/** What was counted in all stages, by the kind of evidence. */
interface FiguresView {
  readonly kind: 'share' | 'mean' | 'requests';
  readonly approximate?: true;
  readonly treatment: ArmView;
  readonly control: ArmView;
  /** Ratio of the arms with its 99 % bounds; null where it cannot be told. */
  readonly ratio: {
    readonly estimate: number | null;
    readonly lower: number;
    readonly upper: number | null;
  };
  readonly difference?: {
    readonly estimate: number;
    readonly lower: number;
    readonly upper: number;
  };
  readonly excessBad: number;
}

interface ArmView {
  readonly units: number;
  readonly bad?: number;
  readonly mean?: number;
}

export function viewGuardrails(
  rollout: RolloutState,
  telemetry: RolloutTelemetry,
  evidence: Evidence,
): readonly GuardrailView[] {
  return telemetry.hypotheses.map((hypothesis) => viewOf(hypothesis, rollout, evidence));
}

function viewOf(
  hypothesis: Hypothesis,
  rollout: RolloutState,
  { assessment, totals: all, funnels }: Evidence,
): GuardrailView {
  const { id, metric, role, horizonMs, guardrail } = hypothesis;
  const evidence = [...assessment.harm.attribution, ...assessment.signals.attribution];
  const harm = evidence.find((each) => each.hypothesis === id);
  const passed = assessment.nonInferiority.find((each) => each.hypothesis === id);
  const totals = all.find((each) => each.hypothesis === id && each.stage === -1);
  const frozen = rollout.frozen?.hypotheses[id];
  const isHarmful = harm !== undefined && harm.logE >= harm.limit;
  return {
    hypothesis: id,
    metric,
    ...(guardrail.quantile === undefined ? {} : { quantile: guardrail.quantile }),
    role,
    horizonMs,
    verdict: isHarmful ? 'harmful' : passed?.passed === true ? 'safe' : 'inconclusive',
    ...(harm ? { harm: evidenceView(harm) } : {}),
    ...(passed ? { nonInferiority: evidenceView(passed) } : {}),
    ...totalsView(totals),
    ...viewMetric(hypothesis, { funnels }),
    ...(frozen ? { frozen: frozenView(frozen) } : {}),
  };
}

/** Evidence against its limit. */
export function evidenceView({ logE, limit }: { readonly logE: number; readonly limit: number }) {
  return { logE, limit, part: Math.max(0, Math.min(1, logE / limit)) };
}

const NOTHING_COUNTED: FiguresView = {
  kind: 'share',
  treatment: { units: 0, bad: 0 },
  control: { units: 0, bad: 0 },
  ratio: { estimate: null, lower: 0, upper: null },
  excessBad: 0,
};

/** Figures of a hypothesis of any kind; zeros where nothing was counted yet. */
export function totalsView(totals: Evidence['totals'][number] | undefined): FiguresView {
  switch (totals?.kind) {
    case undefined:
      return NOTHING_COUNTED;
    case 'share': {
      const { kind, treatment, control, excessBad } = totals;
      return { kind, treatment, control, ratio: ratioView(totals.ratio), excessBad };
    }
    case 'requests': {
      const { kind, approximate, treatment, control, excessEvents } = totals;
      return {
        kind,
        approximate,
        treatment: { units: treatment.exposure, bad: treatment.events },
        control: { units: control.exposure, bad: control.events },
        ratio: ratioView(totals.ratio),
        excessBad: excessEvents,
      };
    }
    case 'mean': {
      const { kind, treatment, control, difference } = totals;
      const ratio = ratioView(totals.ratio);
      const figures = { kind, treatment, control, ratio, excessBad: 0 };
      return difference === null ? figures : { ...figures, difference };
    }
  }
}

type Ratio = Exclude<Evidence['totals'][number]['ratio'], null>;

function ratioView(ratio: Ratio | null): FiguresView['ratio'] {
  if (ratio === null) return NOTHING_COUNTED.ratio;
  const { estimate, lower, upper } = ratio;
  return { estimate, lower, upper: Number.isFinite(upper) ? upper : null };
}

function frozenView(frozen: NonNullable<RolloutState['frozen']>['hypotheses'][string]) {
  const { baselineRate, harmBound, latencyThresholdMs, quantileUsed } = frozen;
  return {
    baselineRate,
    harmBound,
    ...(latencyThresholdMs === undefined ? {} : { latencyThresholdMs }),
    ...(quantileUsed === undefined ? {} : { quantileUsed }),
  };
}
