import { Type } from 'typebox';
import { ProblemSchema } from './common.ts';
import { referTo } from './refer-to.ts';

const Share = Type.Object(
  {
    count: Type.Integer(),
    of: Type.Integer(),
    share: Type.Number(),
    low: Type.Number(),
    high: Type.Number(),
  },
  { description: 'How often, with the 95 % interval by Wilson.' },
);

const Quantiles = Type.Object({
  of: Type.Integer({ description: 'Runs in which there was one.' }),
  least: Type.Number(),
  p1: Type.Number(),
  p5: Type.Number(),
  p50: Type.Number(),
  p90: Type.Number(),
  p95: Type.Number(),
  p99: Type.Number(),
  most: Type.Number(),
});

const Counts = Type.Record(Type.String(), Type.Integer());

const Truth = Type.Union(
  [
    Type.Literal('healthy'),
    Type.Literal('tolerated'),
    Type.Literal('harmful'),
    Type.Literal('untold'),
  ],
  { description: 'What should happen to it; `untold` where telemetry cannot tell.' },
);

const ScenarioSummary = Type.Object({
  scenario: Type.String(),
  truth: Truth,
  demanded: Type.Boolean({ description: 'A plan that asks for rehearsals has to find it.' }),
  runs: Type.Integer(),
  ends: Type.Object({
    completed: Type.Integer(),
    rolledBack: Type.Integer(),
    paused: Type.Integer(),
    held: Type.Integer(),
    unfinished: Type.Integer(),
  }),
  reasons: Counts,
  rolledBack: Share,
  reachedLast: Share,
  completed: Share,
  stopped: Share,
  rolledBackByStage: Counts,
  named: Counts,
  unpassed: Counts,
  harmedUnits: Type.Optional(Quantiles),
  harmedInAll: Type.Optional(Quantiles),
  toRollbackMs: Type.Optional(Quantiles),
  toCompletionMs: Type.Optional(Quantiles),
  stages: Type.Array(
    Type.Object({
      stage: Type.Integer(),
      sharePerMillion: Type.Integer(),
      reached: Share,
      afterMs: Type.Optional(Quantiles),
    }),
  ),
});

const Compared = Type.Object({ completed: Share, rolledBack: Share, reachedLast: Share });

const Known = Type.Union([
  Type.Literal('measured'),
  Type.Literal('given'),
  Type.Literal('assumed'),
]);

/** What a rehearsal answers. */
export const RehearsalReportSchema = Type.Object(
  {
    plan: Type.String(),
    digest: Type.String({ description: 'Short name of the plan’s content.' }),
    judgeVersion: Type.String(),
    seed: Type.String(),
    runs: Type.Integer(),
    harmBudget: Type.Number(),
    figures: Type.Array(
      Type.Object({
        name: Type.String(),
        value: Type.Union([Type.Number(), Type.Null()], { description: 'Null: a distribution.' }),
        known: Known,
      }),
    ),
    scenarios: Type.Array(ScenarioSummary),
    findings: Type.Array(
      Type.Object({
        code: Type.String(),
        scenario: Type.String(),
        guardrail: Type.Optional(Type.String()),
        text: Type.String(),
      }),
    ),
    suggestions: Type.Array(
      Type.Object({
        change: Type.String(),
        text: Type.String(),
        document: Type.Record(Type.String(), Type.Unknown(), { description: 'The whole plan.' }),
        tried: Type.Array(
          Type.Object({ scenario: Type.String(), before: Compared, after: Compared }),
        ),
      }),
    ),
    notModelled: Type.Array(Type.String()),
  },
  { $id: 'RehearsalReport' },
);

/** What was recorded of a rehearsal. */
export const RehearsalSchema = Type.Object(
  {
    digest: Type.String(),
    plan: Type.String(),
    flag: Type.Optional(Type.String()),
    judgeVersion: Type.String(),
    seed: Type.String(),
    runs: Type.Integer(),
    unitsPerSecond: Type.Number(),
    assumed: Type.Array(Type.String()),
    scenarios: Type.Array(
      Type.Object({
        scenario: Type.String(),
        truth: Truth,
        demanded: Type.Boolean(),
        runs: Type.Integer(),
        rolledBack: Type.Integer(),
        reachedLast: Type.Integer(),
        completed: Type.Integer(),
        harmedUnits: Type.Optional(Type.Object({ p50: Type.Number(), p90: Type.Number() })),
      }),
    ),
    atMs: Type.Number(),
    expiresAtMs: Type.Number(),
    version: Type.Integer(),
  },
  { $id: 'Rehearsal' },
);

const Progress = Type.Object({
  type: Type.Literal('progress'),
  part: Type.Union([Type.Literal('scenarios'), Type.Literal('suggestions')]),
  done: Type.Integer({ description: 'Runs played.' }),
  of: Type.Integer(),
});

/** What `POST …/rehearsals` answers with, line by line. */
export const RehearsalLine = Type.Union(
  [
    Progress,
    Type.Object({
      type: Type.Literal('result'),
      report: referTo(RehearsalReportSchema),
      recorded: Type.Object({ version: Type.Integer(), expiresAtMs: Type.Number() }),
    }),
    Type.Object({ type: Type.Literal('problem'), problem: referTo(ProblemSchema) }),
  ],
  { $id: 'RehearsalLine', description: 'One line of a rehearsal; the last is no progress.' },
);
