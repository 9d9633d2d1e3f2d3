import { Type } from 'typebox';

const Against = Type.Object({
  logE: Type.Number(),
  limit: Type.Number({ description: 'From here on it counts as shown.' }),
});
const Culprit = Type.Union([Type.String(), Type.Null()], {
  description: 'feature, service or shared; null where nothing is worse or it is too early to say.',
});

const Attribution = Type.Object({
  attribution: Culprit,
  hypotheses: Type.Array(
    Type.Object({
      hypothesis: Type.String(),
      attribution: Culprit,
      because: Type.String(),
      text: Type.String(),
      controlAboveBaseline: Against,
      serviceWithShare: Against,
      sharedSinceMs: Type.Optional(Type.Number()),
    }),
  ),
});

const Budget = Type.Object({
  metric: Type.String(),
  services: Type.Array(Type.String()),
  objective: Type.Number(),
  windowMs: Type.Number(),
  then: Type.String({ description: 'hold or rollback.' }),
  state: Type.String({
    description: 'left, burning, burnt, or unknown where there is too little history.',
  }),
  knownMs: Type.Number({ description: 'So much of the window is known.' }),
  spent: Type.Union([Type.Number(), Type.Null()]),
  exhaustedInMs: Type.Union([Type.Number(), Type.Null()]),
  text: Type.String(),
});

const Watch = Type.Object({
  against: Type.String({ description: 'holdback, or limit where there is none.' }),
  endsAtMs: Type.Optional(Type.Number()),
  over: Type.Boolean(),
  guardrails: Type.Array(
    Type.Object({
      hypothesis: Type.String(),
      alarm: Type.Boolean(),
      logE: Type.Number(),
      limit: Type.Number(),
      text: Type.String(),
    }),
  ),
  alarms: Type.Array(Type.String()),
});

const WholeStage = Type.Object(
  {
    batches: Type.Integer(),
    thresholds: Type.Array(
      Type.Object({
        hypothesis: Type.String(),
        units: Type.Number(),
        bad: Type.Number(),
        limit: Type.Number(),
        limitFrom: Type.String({ description: 'earlierDays or assumed.' }),
        reference: Type.Object({
          units: Type.Number(),
          bad: Type.Number(),
          atMs: Type.Number(),
          of: Type.String({ description: 'control or baseline.' }),
        }),
        exceeded: Type.Boolean(),
        lasting: Type.Boolean(),
        raise: Type.Optional(Against),
      }),
    ),
    raised: Type.Array(Type.String()),
    lasting: Type.Array(Type.String()),
    exceeded: Type.Array(Type.String()),
  },
  { description: 'Where everyone is treated; no error rate is claimed there.' },
);

const EarlierDays = Type.Object(
  {
    metric: Type.String(),
    services: Type.Array(Type.String()),
    spread: Type.Number({ description: 'Standard deviation of ln(rate) from day to day.' }),
    hours: Type.Array(
      Type.Object({
        hour: Type.Integer({ description: 'Of the day, UTC.' }),
        days: Type.Integer(),
        rate: Type.Number({ description: 'Geometric mean, by request.' }),
      }),
    ),
  },
  { description: 'The same hours of earlier days, recorded when the rollout started.' },
);

/** What a verdict needs beside treatment against control. */
export const ContextSchema = Type.Object({
  attribution: Type.Optional(Attribution),
  budgets: Type.Array(Budget),
  watch: Type.Optional(Watch),
  wholeStage: Type.Optional(WholeStage),
  earlierDays: Type.Array(EarlierDays),
});
