import type { Evidence, RolloutState, RolloutTelemetry } from '@downhaul/control';

type Hypothesis = RolloutTelemetry['hypotheses'][number];

/** One hypothesis (a guardrail, signal or success criterion at one horizon), evidence against limit. */
interface GuardrailView {
  readonly hypothesis: string;
  readonly metric: string;
  readonly quantile?: number;
  readonly role: 'guardrail' | 'signal' | 'success';
  readonly horizonMs: number;
  readonly verdict: 'harmful' | 'safe' | 'inconclusive';
  readonly harm?: EvidenceView;
  readonly nonInferiority?: EvidenceView;
  readonly treatment: Counts;
  readonly control: Counts;
  /** Ratio of the rates with its 99 % bounds; null where it cannot be told. */
  readonly ratio: {
    readonly estimate: number | null;
    readonly lower: number;
    readonly upper: number | null;
  };
  readonly excessBad: number;
  /** Counted by request: `units` are requests, and distinct users are not known. */
  readonly approximate?: true;
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

interface Counts {
  readonly units: number;
  readonly bad: number;
}

export function viewGuardrails(
  rollout: RolloutState,
  telemetry: RolloutTelemetry,
  evidence: Evidence,
): readonly GuardrailView[] {
  return telemetry.hypotheses.map((hypothesis) => viewOf(hypothesis, rollout, evidence));
}

function viewOf(
  { id, metric, role, horizonMs, guardrail }: Hypothesis,
  rollout: RolloutState,
  { assessment, totals: all }: Evidence,
): GuardrailView {
  const evidence = [...assessment.harm.attribution, ...assessment.signals.attribution];
  const harm = evidence.find(({ hypothesis }) => hypothesis === id);
  const passed = assessment.nonInferiority.find(({ hypothesis }) => hypothesis === id);
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
    ...(frozen ? { frozen: frozenView(frozen) } : {}),
  };
}

/** Evidence against its limit. */
export function evidenceView({ logE, limit }: { readonly logE: number; readonly limit: number }) {
  return { logE, limit, part: Math.max(0, Math.min(1, logE / limit)) };
}

type Totals = Pick<GuardrailView, 'treatment' | 'control' | 'ratio' | 'excessBad' | 'approximate'>;

const NOTHING_COUNTED: Totals = {
  treatment: { units: 0, bad: 0 },
  control: { units: 0, bad: 0 },
  ratio: { estimate: null, lower: 0, upper: null },
  excessBad: 0,
};

/** Counts of units or requests; zeros where nothing of the kind was counted. */
export function totalsView(totals: Evidence['totals'][number] | undefined): Totals {
  if (totals?.kind === 'requests') return requestsView(totals);
  if (totals?.kind !== 'share') return NOTHING_COUNTED;
  const { treatment, control, excessBad } = totals;
  return { treatment, control, ratio: ratioView(totals.ratio), excessBad };
}

type Requests = Extract<Evidence['totals'][number], { readonly kind: 'requests' }>;

function requestsView({ treatment, control, ratio, excessEvents }: Requests): Totals {
  return {
    treatment: { units: treatment.exposure, bad: treatment.events },
    control: { units: control.exposure, bad: control.events },
    ratio: ratioView(ratio),
    excessBad: excessEvents,
    approximate: true,
  };
}

function ratioView({ estimate, lower, upper }: Requests['ratio']): Totals['ratio'] {
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
