import type { GuardrailAnswer, RolloutAnswer, SliceAnswer } from '../api/answers.ts';
import { formatDuration } from '../output/figures.ts';
import { nameOf, toProofModel } from '../view/proof.ts';
import type {
  GuardrailModel,
  RolloutModel,
  RolloutStatus,
  SliceModel,
  WaitModel,
  WatchModel,
} from './model.ts';

/** What is shown, from what the server answers. */
export function modelOf(answer: RolloutAnswer): WatchModel {
  const { flag, project, environment, version, nowMs, down, instances, proof } = answer;
  const { live, reached, missing } = instances;
  return {
    flag,
    project,
    environment,
    version,
    nowMs,
    down,
    ...(answer.rollout ? { rollout: rolloutOf(answer, answer.rollout) } : {}),
    instances: {
      version: instances.version,
      live,
      reached,
      missing: missing.map(({ id, service }) => nameOf({ name: id, service, why: '' })),
    },
    ...(proof && isCurrent(answer) ? { proof: toProofModel(proof) } : {}),
  };
}

/** A proof belongs to a way down; an attempt started or a flag brought up since has left it behind. */
function isCurrent({ down, rollout }: RolloutAnswer): boolean {
  return down || rollout === undefined || rollout.status === 'rolledBack';
}

function rolloutOf(
  answer: RolloutAnswer,
  rollout: NonNullable<RolloutAnswer['rollout']>,
): RolloutModel {
  const { evidence, guardrails, slices, step } = answer;
  const synthetic = syntheticOf(evidence?.synthetic ?? []);
  const { attempt, plan, to, status, stage, stages, unguarded, cause } = rollout;
  const severalHorizons = new Set(guardrails.map(({ horizonMs }) => horizonMs)).size > 1;
  return {
    attempt,
    plan: String(plan['key']),
    to,
    status: status as RolloutStatus,
    statusSinceMs: rollout.statusSinceMs,
    stageEnteredAtMs: rollout.stageEnteredAtMs,
    stage,
    stages,
    served: rollout.sharePerMillion > 0,
    unguarded,
    ...(cause ? { cause: cause.text } : {}),
    ...(step?.waitsFor?.code === 'watch_alarm' ? { alarm: step.waitsFor.text } : {}),
    ...(evidence ? { units: evidence.units } : {}),
    guardrails: guardrails
      .filter(({ role }) => role !== 'success')
      .map((guardrail) => guardrailOf(guardrail, severalHorizons)),
    slices: slices.map(sliceOf),
    ...(synthetic === undefined ? {} : { synthetic }),
    budgets: (answer.context?.budgets ?? []).map(budgetOf),
    recorded: recordedOf(answer),
    sentences: sentencesOf(answer),
    // What is over waits for nothing: its cause is told already.
    waiting: step?.waitsFor && step.waitsFor.code !== 'settled' ? [waitOf(step.waitsFor)] : [],
  };
}

function sentencesOf({ sentences, droppedItems, evidence }: RolloutAnswer): string[] {
  const success = (evidence?.success ?? []).map(
    ({ met, text }) => `Success ${met ? 'met' : 'not met'}: ${text}`,
  );
  return [...sentences, ...lostSentences(droppedItems ?? []), ...success];
}

type LostAnswer = NonNullable<RolloutAnswer['droppedItems']>;

/** Who lost how much telemetry, why, and since when: what is missing here may be what hurts. */
function lostSentences(lost: LostAnswer): string[] {
  const told = lost.slice(0, TOLD_LOSSES).map(({ service, instance, cause, items, sinceMs }) => {
    const since = new Date(sinceMs).toISOString();
    return `${items} items of ${service}/${instance} count nowhere (${cause}), since ${since}.`;
  });
  const rest = lost.length - told.length;
  return rest > 0 ? [...told, `Items of ${rest} more instances or causes count nowhere.`] : told;
}

const TOLD_LOSSES = 3;

function guardrailOf(guardrail: GuardrailAnswer, withHorizon: boolean): GuardrailModel {
  const { metric, quantile, role, horizonMs, verdict, harm, nonInferiority, approximate } =
    guardrail;
  const words = [
    metric,
    ...(quantile === undefined ? [] : [`p${Number((quantile * 100).toPrecision(6))}`]),
    // What is counted by request has no horizon.
    ...(withHorizon && horizonMs > 0 ? [`in ${formatDuration(horizonMs)}`] : []),
  ];
  return {
    name: words.join(' '),
    kind: role === 'signal' ? 'signal' : 'guardrail',
    verdict,
    harmPart: harm?.part ?? 0,
    ...(nonInferiority ? { safePart: nonInferiority.part } : {}),
    ...(approximate ? { approximate } : {}),
  };
}

function sliceOf({
  dimension,
  value,
  verdict,
  units,
  minimumSample,
  guardrails,
}: SliceAnswer): SliceModel {
  const harmPart = Math.max(0, ...guardrails.map(({ harm }) => harm.part));
  return { name: `${dimension}=${value}`, verdict, units, minimumSample, harmPart };
}

type ContextAnswer = NonNullable<RolloutAnswer['context']>;

function budgetOf({ metric, objective, windowMs, state, spent }: ContextAnswer['budgets'][number]) {
  const promised = `${Number((objective * 100).toPrecision(6))}%`;
  const name = `${metric} ${promised} over ${formatDuration(windowMs)}`;
  return { name, state, ...(spent === null ? {} : { spent }) };
}

/** What harm is frozen from and the next stage asks of: the window before, or control; and the same hours of earlier days. */
function recordedOf({ rollout, evidence, guardrails, context }: RolloutAnswer): string[] {
  if (rollout === undefined || evidence === undefined) return [];
  const window = guardrails.flatMap(({ hypothesis, role, kind }) => {
    const counts = evidence.baseline[hypothesis];
    if (role !== 'guardrail' || counts === undefined || counts.units === 0) return [];
    const found =
      counts.mean === undefined
        ? `${counts.bad} of ${counts.units} ${kind === 'requests' ? 'requests' : 'units'} bad`
        : `${Number(counts.mean.toPrecision(3))} on average over ${counts.units} units`;
    return [`baseline: ${found}, ${hypothesis}`];
  });
  const days = (context?.earlierDays ?? []).flatMap(({ metric, hours, spread }) => {
    if (hours.length === 0) return [];
    const least = Math.min(...hours.map((hour) => hour.days));
    return [
      `earlier days: ${metric} of ${hours.length} hours of the day, at least ${least} days each, apart by ${Math.round(spread * 100)}%`,
    ];
  });
  return [...window, ...days];
}

type SyntheticAnswer = NonNullable<RolloutAnswer['evidence']>['synthetic'];

function syntheticOf(stages: SyntheticAnswer): RolloutModel['synthetic'] {
  const sum = (arm: 'treatment' | 'control') => ({
    units: stages.reduce((total, each) => total + each[arm].units, 0),
    bad: stages.reduce((total, each) => total + each[arm].bad, 0),
  });
  return stages.length === 0 ? undefined : { treatment: sum('treatment'), control: sum('control') };
}

type WaitsFor = NonNullable<NonNullable<RolloutAnswer['step']>['waitsFor']>;

function waitOf({ text, remaining, untilMs }: WaitsFor): WaitModel {
  return {
    text,
    ...(untilMs === undefined ? {} : { untilMs }),
    ...(remaining?.units === undefined ? {} : { units: remaining.units }),
  };
}
