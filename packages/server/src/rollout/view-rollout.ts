import {
  type ControllerStep,
  type Evidence,
  type FlagEnvironmentState,
  lossesOf,
  type RolloutState,
} from '@downhaul/control';
import type { Static } from 'typebox';
import type { ServerContext } from '../http/context.ts';
import type { RolloutAnswer } from '../http/schema/rollout.ts';
import { viewProof } from '../proof/view-proof.ts';
import { judgeRollout } from './judge-rollout.ts';
import { viewContext } from './view-context.ts';
import { viewGuardrails } from './view-guardrails.ts';
import { viewPropagation } from './view-propagation.ts';
import { viewSlices } from './view-slices.ts';

interface FlagPlace {
  readonly project: string;
  readonly environment: string;
  readonly flag: string;
}

type Answer = Static<typeof RolloutAnswer>;

interface Shown {
  readonly here: FlagEnvironmentState;
  /** As of `Intake.settle`. */
  readonly settledThrough: number;
}

/** Everything about a flag's rollout in an environment at this moment, for a person who watches. */
export function viewRollout(
  context: ServerContext,
  place: FlagPlace,
  { here, settledThrough }: Shown,
): Answer {
  const { log, snapshots, store } = context;
  const { version } = snapshots.feedOf(place);
  const proof = here.proof === undefined ? undefined : log.state.proofs.get(here.proof);
  return {
    ...place,
    version,
    nowMs: store.nowMs(),
    down: here.down,
    ...(here.downedAtMs === undefined ? {} : { downedAtMs: here.downedAtMs }),
    ...(here.rollout
      ? rolloutPart(context, here.rollout, here.down)
      : { guardrails: [], slices: [], sentences: [] }),
    excluded: (here.excluded ?? []).map((source) => ({ ...source })),
    earlier: here.earlier.map((attempt) => ({ ...attempt })),
    instances: viewPropagation(context.intake.state, place, here.version),
    ...(proof ? { proof: viewProof(context, proof, settledThrough) } : {}),
  };
}

type RolloutPart = Pick<Answer, 'guardrails' | 'slices' | 'sentences'> &
  Partial<
    Pick<Answer, 'rollout' | 'evidence' | 'context' | 'step' | 'droppedItems' | 'harmSources'>
  >;

const SHOWN_LOSSES = 50;
const SHOWN_SOURCES = 50;

function shownSources({ harmSources = [] }: Evidence) {
  return harmSources.slice(0, SHOWN_SOURCES).map((source) => ({ ...source }));
}

function rolloutPart(
  context: ServerContext,
  rollout: RolloutState,
  flagDown: boolean,
): RolloutPart {
  const { nowMs, evidence, step } = judgeRollout(context, { rollout, flagDown });
  const telemetry = context.intake.state.rollouts.get(rollout.id);
  const lost = lossesOf(context.intake.state, rollout).slice(0, SHOWN_LOSSES);
  return {
    rollout: viewState(rollout),
    droppedItems: lost.map(({ rollout: _id, ...loss }) => ({ ...loss })),
    ...(evidence ? { evidence: viewEvidence(evidence), harmSources: shownSources(evidence) } : {}),
    ...(evidence && telemetry ? { context: viewContext(telemetry, evidence) } : {}),
    guardrails: evidence && telemetry ? [...viewGuardrails(rollout, telemetry, evidence)] : [],
    slices: evidence ? viewSlices(evidence) : [],
    step: viewStep(step, evidence, nowMs),
    sentences: [...step.sentences],
  };
}

function viewState(rollout: RolloutState): NonNullable<Answer['rollout']> {
  const { allocations, plan, frozen, cause } = rollout;
  return {
    id: rollout.id,
    project: rollout.project,
    environment: rollout.environment,
    flag: rollout.flag,
    attempt: rollout.attempt,
    to: rollout.to,
    control: rollout.control,
    status: rollout.status,
    stage: rollout.stage,
    startedAtMs: rollout.startedAtMs,
    stageEnteredAtMs: rollout.stageEnteredAtMs,
    statusSinceMs: rollout.statusSinceMs,
    version: rollout.version,
    startedBy: rollout.startedBy,
    unguarded: rollout.unguarded,
    ...(cause ? { cause: { ...cause } } : {}),
    plan,
    sharePerMillion: highestShare(allocations),
    nextStageUnits: frozen?.nextStageUnits ?? 0,
    stages: plan.stages.map((stage) => ({
      sharePerMillion: highestShare(stage.allocations),
      partial: isPartial(stage.allocations),
      bakeMs: stage.bakeMs,
      minimumSample: stage.minimumSample,
    })),
  };
}

type Allocations = RolloutState['allocations'];

function highestShare(allocations: Allocations): number {
  return Math.max(0, ...allocations.map(({ sharePerMillion }) => sharePerMillion));
}

/** Whether some audience gets it at another share, or not at all. */
function isPartial(allocations: Allocations): boolean {
  const highest = highestShare(allocations);
  return !allocations.some(
    ({ audience, sharePerMillion }) => audience === undefined && sharePerMillion === highest,
  );
}

function viewEvidence(evidence: Evidence): NonNullable<Answer['evidence']> {
  const { assessment, nextFigures, freshness, units, lostInstances } = evidence;
  const { logE, limit, harmful } = assessment.harm;
  return {
    throughSequence: evidence.throughSequence,
    judgeVersion: evidence.judgeVersion,
    closedBatches: evidence.closedBatches,
    closedThroughMs: evidence.closedThroughMs,
    freshness,
    ...(evidence.blindSinceMs === undefined ? {} : { blindSinceMs: evidence.blindSinceMs }),
    units: { ...units },
    sources: evidence.sources.map((source) => ({ ...source, requests: { ...source.requests } })),
    byRequest: evidence.byRequest,
    unitsPerSecond: evidence.unitsPerSecond,
    measuredShare: evidence.measuredShare,
    exposed: [...evidence.exposed],
    harm: { logE, limit, harmful },
    signals: {
      logE: assessment.signals.logE,
      limit: assessment.signals.limit,
      harmful: assessment.signals.harmful,
    },
    safe: assessment.safe,
    sampleRatio: {
      ...assessment.srm,
      suspects: (evidence.slicedSampleRatio?.suspects ?? []).map((suspect) => ({ ...suspect })),
    },
    late: [...evidence.late],
    lateShare: evidence.lateShare,
    lostInstances: { ...lostInstances, names: [...lostInstances.names] },
    nextStageUnits: nextFigures.nextStageUnits,
    baseline: { ...evidence.baseline },
    dropped: { ...evidence.dropped },
    success: evidence.success.map((criterion) => ({ ...criterion })),
    synthetic: evidence.synthetic.map((stage) => ({ ...stage })),
  };
}

function viewStep(
  { step, waitsFor, command }: ControllerStep,
  evidence: Evidence | undefined,
  nowMs: number,
): NonNullable<Answer['step']> {
  const untilMs = waitsFor && estimate(waitsFor, evidence, nowMs);
  return {
    name: step,
    ...(command ? { command: command.type } : {}),
    ...(waitsFor
      ? {
          waitsFor: {
            code: waitsFor.code,
            text: waitsFor.text,
            ...(waitsFor.remaining ? { remaining: { ...waitsFor.remaining } } : {}),
            ...(untilMs === undefined ? {} : { untilMs }),
          },
        }
      : {}),
  };
}

/** When the waiting should be over: by the clock, or by the rate at which treatment units came so far. */
function estimate(
  { remaining }: NonNullable<ControllerStep['waitsFor']>,
  evidence: Evidence | undefined,
  nowMs: number,
): number | undefined {
  if (!remaining) return undefined;
  if ('ms' in remaining) return nowMs + remaining.ms;
  const { units, unitsPerSecond } = evidence ?? {
    units: { treatment: 0, control: 0 },
    unitsPerSecond: 0,
  };
  const treatedPerSecond =
    (unitsPerSecond * units.treatment) / Math.max(1, units.treatment + units.control);
  return treatedPerSecond > 0 ? nowMs + (1_000 * remaining.units) / treatedPerSecond : undefined;
}
