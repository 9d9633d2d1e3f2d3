import { Type } from 'typebox';
import { Json } from './common.ts';
import { ContextSchema } from './context.ts';
import { referTo } from './refer-to.ts';
import { ProofSchema } from './proof.ts';

const Cause = Type.Object({ code: Type.String(), text: Type.String() });
const Arms = Type.Object({ treatment: Type.Integer(), control: Type.Integer() });
const Counts = Type.Object({ units: Type.Number(), bad: Type.Number() });
const Harm = Type.Object({
  logE: Type.Number(),
  limit: Type.Number({ description: 'ln(1 / alpha).' }),
  harmful: Type.Boolean(),
});
const Against = Type.Object({
  logE: Type.Number(),
  limit: Type.Number(),
  part: Type.Number({ description: 'Evidence as a part of its limit, from 0 to 1.' }),
});

const Rollout = Type.Object({
  id: Type.String(),
  project: Type.String(),
  environment: Type.String(),
  flag: Type.String(),
  attempt: Type.Integer(),
  plan: Type.Unsafe<object>({ type: 'object', additionalProperties: true }),
  to: Type.String(),
  control: Type.String(),
  status: Type.String(),
  stage: Type.Integer({ description: 'From 0; -1 while the baseline is measured.' }),
  stages: Type.Array(
    Type.Object({
      sharePerMillion: Type.Integer({ description: 'Highest share of any audience.' }),
      partial: Type.Boolean({
        description: 'Some audience gets it at another share or not at all.',
      }),
      bakeMs: Type.Number(),
      minimumSample: Type.Integer(),
    }),
  ),
  sharePerMillion: Type.Integer({ description: 'Highest share now.' }),
  nextStageUnits: Type.Integer({ description: 'Frozen with the stage.' }),
  startedAtMs: Type.Number(),
  stageEnteredAtMs: Type.Number(),
  statusSinceMs: Type.Number(),
  cause: Type.Optional(Cause),
  version: Type.Integer(),
  startedBy: Type.String(),
  unguarded: Type.Boolean(),
});

const Evidence = Type.Object({
  throughSequence: Type.Integer(),
  judgeVersion: Type.String(),
  closedBatches: Type.Integer(),
  closedThroughMs: Type.Number(),
  freshness: Type.String({ description: 'fresh, blind:both, blind:treatment or blind:control.' }),
  blindSinceMs: Type.Optional(Type.Number()),
  units: Arms,
  exposed: Type.Array(
    Type.Object({
      stage: Type.Integer({ description: '-1 for the baseline, -2 for after a rollback.' }),
      treatment: Type.Integer(),
      control: Type.Integer(),
    }),
    { description: 'Distinct units by stage and arm.' },
  ),
  sources: Type.Array(
    Type.Object({
      metric: Type.String(),
      type: Type.String({ description: 'prometheus or otlp.' }),
      server: Type.Optional(Type.String()),
      state: Type.String({ description: 'fresh, failing or stale.' }),
      code: Type.Optional(Type.String({ description: 'Why it is not fresh.' })),
      text: Type.Optional(Type.String()),
      requests: Type.Object({ treatment: Type.Number(), control: Type.Number() }),
    }),
    { description: 'Metrics that are counted by request, in the present stage.' },
  ),
  byRequest: Type.Boolean({ description: 'Every guardrail is: distinct units are not known.' }),
  unitsPerSecond: Type.Number(),
  measuredShare: Type.Number(),
  harm: Harm,
  signals: Harm,
  safe: Type.Boolean(),
  sampleRatio: Type.Object({
    logE: Type.Number(),
    limit: Type.Number(),
    alarm: Type.Boolean(),
    treatmentDeficit: Type.Number(),
    suspects: Type.Array(
      Type.Object({
        dimension: Type.String({ description: '`*` for all units.' }),
        value: Type.String(),
        logE: Type.Number(),
        limit: Type.Number(),
        treatmentDeficit: Type.Number(),
      }),
      { description: 'Where units are told apart: what would raise the alarm alone.' },
    ),
  }),
  late: Type.Array(Type.String(), {
    description:
      'Whose reports were missing when the last batch was closed, as `service/instance`, and services of which nobody is left to report.',
  }),
  lateShare: Type.Number({
    description: 'Share of the stage’s outcomes that came when their unit had been counted.',
  }),
  lostInstances: Type.Object({
    names: Type.Array(Type.String()),
    expected: Type.Number(),
    excess: Type.Boolean(),
  }),
  nextStageUnits: Type.Integer({ description: 'What would be frozen now.' }),
  baseline: Type.Record(
    Type.String(),
    Type.Object({ ...Counts.properties, mean: Type.Optional(Type.Number()) }),
  ),
  dropped: Type.Record(Type.String(), Type.Integer()),
  success: Type.Array(
    Type.Object({
      metric: Type.String(),
      stage: Type.Integer(),
      met: Type.Boolean(),
      text: Type.String(),
    }),
  ),
  synthetic: Type.Array(
    Type.Object({
      stage: Type.Integer({ description: '-1 for the baseline, -2 for after a rollback.' }),
      treatment: Counts,
      control: Counts,
    }),
    { description: 'Units of traffic that no person made, by stage: in no other figure.' },
  ),
});

const Ratio = Type.Object({
  estimate: Type.Union([Type.Number(), Type.Null()]),
  lower: Type.Number(),
  upper: Type.Union([Type.Number(), Type.Null()]),
});

const ArmFigures = Type.Object({
  units: Type.Number({ description: 'Distinct units; of kind `requests`: requests or seconds.' }),
  bad: Type.Optional(Type.Number({ description: 'Units, or events, that count against the arm.' })),
  mean: Type.Optional(Type.Number({ description: 'Of kind `mean`: in the unit of the metric.' })),
});

const Figures = {
  kind: Type.String({ description: 'share, mean or requests.' }),
  approximate: Type.Optional(
    Type.Boolean({ description: 'True where only requests are known, not distinct units.' }),
  ),
  treatment: ArmFigures,
  control: ArmFigures,
  ratio: Ratio,
  difference: Type.Optional(
    Type.Object(
      { estimate: Type.Number(), lower: Type.Number(), upper: Type.Number() },
      { description: 'Of kind `mean`: treatment less control, in the unit of the metric.' },
    ),
  ),
  excessBad: Type.Number({
    description: 'What counts against treatment beyond what control leads to expect; 0 for a mean.',
  }),
};

const Steps = Type.Array(
  Type.Object({ event: Type.String(), treatment: Type.Integer(), control: Type.Integer() }),
  { description: 'Of a funnel: units that took the steps in order up to each.' },
);

const Guardrail = Type.Object({
  hypothesis: Type.String(),
  metric: Type.String(),
  quantile: Type.Optional(Type.Number()),
  role: Type.String({ description: 'guardrail, signal or success.' }),
  horizonMs: Type.Number(),
  verdict: Type.String({ description: 'harmful, safe or inconclusive.' }),
  harm: Type.Optional(Against),
  nonInferiority: Type.Optional(Against),
  ...Figures,
  unit: Type.Optional(Type.String({ description: 'Of the values of the metric.' })),
  steps: Type.Optional(Steps),
  frozen: Type.Optional(
    Type.Object({
      baselineRate: Type.Number(),
      harmBound: Type.Number(),
      latencyThresholdMs: Type.Optional(Type.Number()),
      quantileUsed: Type.Optional(Type.Number()),
    }),
  ),
});

const Slice = Type.Object(
  {
    dimension: Type.String({ description: 'An attribute, or `service`.' }),
    value: Type.String({ description: '`unknown` where an exposure said nothing of it.' }),
    verdict: Type.String({
      description:
        'harmful; suspect (holds a step up until it is shown to be no worse); inconclusive; tooFew (below the minimum sample).',
    }),
    minimumSample: Type.Integer(),
    units: Arms,
    guardrails: Type.Array(
      Type.Object({
        hypothesis: Type.String(),
        harm: Against,
        ...Figures,
      }),
    ),
  },
  { description: 'One value of what the plan tells apart.' },
);

const Step = Type.Object({
  name: Type.String(),
  command: Type.Optional(Type.String({ description: 'What the controller is about to do.' })),
  waitsFor: Type.Optional(
    Type.Object({
      code: Type.String(),
      text: Type.String(),
      remaining: Type.Optional(
        Type.Object({ units: Type.Optional(Type.Number()), ms: Type.Optional(Type.Number()) }),
      ),
      untilMs: Type.Optional(Type.Number({ description: 'When it should be over.' })),
    }),
  ),
});

const Propagation = Type.Object({
  version: Type.Integer({ description: 'The last version that changed this flag here.' }),
  live: Type.Integer(),
  reached: Type.Integer(),
  missing: Type.Array(
    Type.Object({
      id: Type.String(),
      service: Type.String(),
      version: Type.Optional(Type.Integer()),
    }),
  ),
  acknowledgements: Type.Array(
    Type.Object({
      id: Type.String(),
      service: Type.String(),
      version: Type.Integer(),
      sinceMs: Type.Number(),
    }),
  ),
});

/** Everything about a flag's rollout in an environment at one moment. */
export const RolloutAnswer = Type.Object(
  {
    project: Type.String(),
    environment: Type.String(),
    flag: Type.String(),
    version: Type.Integer({ description: 'Snapshot version of the environment.' }),
    nowMs: Type.Number({ description: 'The store’s clock.' }),
    down: Type.Boolean(),
    downedAtMs: Type.Optional(Type.Number()),
    rollout: Type.Optional(Rollout),
    earlier: Type.Array(Json),
    evidence: Type.Optional(Evidence),
    context: Type.Optional(ContextSchema),
    guardrails: Type.Array(Guardrail),
    slices: Type.Array(Slice),
    excluded: Type.Array(
      Type.Object({
        service: Type.String(),
        instance: Type.Optional(Type.String()),
        by: Type.String(),
        atMs: Type.Number(),
      }),
      { description: 'Sources of which nothing counts for rollouts of the flag here.' },
    ),
    harmSources: Type.Optional(
      Type.Array(
        Type.Object({
          metric: Type.String(),
          service: Type.String(),
          instance: Type.Optional(Type.String({ description: 'Absent: the whole service.' })),
          control: Type.Number(),
          treatment: Type.Number(),
        }),
        {
          description:
            'Bad units (each once per stage) or bad requests by who told of them; the 50 largest.',
        },
      ),
    ),
    droppedItems: Type.Optional(
      Type.Array(
        Type.Object({
          service: Type.String(),
          instance: Type.String(),
          cause: Type.String({
            description:
              '`sdk_queue`: the SDK had no room for them; else why the server dropped them.',
          }),
          items: Type.Integer(),
          sinceMs: Type.Number(),
          lastAtMs: Type.Number(),
        }),
        {
          description:
            'Items of telemetry that count nowhere: of this rollout, and of its environment where they named none. The 50 largest.',
        },
      ),
    ),
    step: Type.Optional(Step),
    sentences: Type.Array(Type.String()),
    instances: Propagation,
    proof: Type.Optional(referTo(ProofSchema)),
  },
  { $id: 'Rollout' },
);
