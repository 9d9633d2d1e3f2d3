import { Type } from 'typebox';
import { conditionDefinitions, ConditionReference } from './condition-schema.ts';
import { DURATION_ACCEPTS, DURATION_PATTERN } from './duration.ts';
import { KEY_PATTERN } from './key.ts';
import {
  QUANTILE_ACCEPTS,
  QUANTILE_PATTERN,
  RATIO_ACCEPTS,
  RATIO_PATTERN,
  SHARE_ACCEPTS,
  SHARE_PATTERN,
} from './percentage.ts';
import { NAME_MOST } from './readers.ts';

const closed = { additionalProperties: false };
const key = (description: string) => Type.String({ pattern: KEY_PATTERN, description });
const name = (description = '') =>
  Type.String({
    minLength: 1,
    maxLength: NAME_MOST,
    ...(description === '' ? {} : { description }),
  });
const duration = (description: string) =>
  Type.String({ pattern: DURATION_PATTERN, description: `${description} ${DURATION_ACCEPTS}.` });
const share = (description: string) =>
  Type.String({ pattern: SHARE_PATTERN, description: `${description} ${SHARE_ACCEPTS}.` });
const ratio = Type.String({ pattern: RATIO_PATTERN, description: RATIO_ACCEPTS });
const alpha = Type.Number({ minimum: 1e-9, maximum: 0.5 });
const words = (...values: readonly string[]) => Type.Enum([...values]);
const names = Type.Array(name(), { minItems: 1, maxItems: 1000 });

const audience = Type.Union(
  [
    ConditionReference,
    Type.Object(
      {
        segments: Type.Optional(Type.Array(key('A segment.'), { minItems: 1, maxItems: 1000 })),
        tenants: Type.Optional(names),
        services: Type.Optional(names),
        instances: Type.Optional(names),
      },
      { ...closed, minProperties: 1 },
    ),
  ],
  { description: 'A condition, or lists: any of each list, all of the lists.' },
);

const stage = Type.Object(
  {
    share: share('Share of the audience in treatment:'),
    bake: duration('The least time in this stage:'),
    minimumSample: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1e9,
        description: 'Treatment units before the next stage.',
      }),
    ),
    audience: Type.Optional(audience),
    plus: Type.Optional(
      Type.Array(Type.Object({ audience, share: share('Share of that audience:') }, closed), {
        maxItems: 20,
        description: 'Further audiences, each at a share of its own.',
      }),
    ),
  },
  closed,
);

const guardrail = Type.Object(
  {
    metric: name('Such as http.error_rate, http.latency or a tracked name.'),
    quantile: Type.Optional(
      Type.String({ pattern: QUANTILE_PATTERN, description: QUANTILE_ACCEPTS }),
    ),
    worse: Type.Optional(words('higher', 'lower')),
    margin: Type.Object(
      {
        relative: Type.Optional(ratio),
        absolute: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
      },
      { ...closed, description: 'The tolerated worsening.' },
    ),
    weight: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: 'Share of the harm alpha; all sum to 1.',
      }),
    ),
  },
  closed,
);

const success = Type.Object(
  {
    metric: name(),
    better: words('higher', 'lower'),
    by: Type.Object({ relative: ratio }, closed),
  },
  closed,
);

const blindAction = words('hold', 'pause', 'rollback');

/** Everything of a plan but its key and stages; all of it has a default. */
const settings = {
  unit: Type.Optional(name('Attribute that identifies the unit of randomization.')),
  baseline: Type.Optional(duration('How long is measured before the first stage:')),
  guardrails: Type.Optional(
    Type.Array(guardrail, { maxItems: 20, description: 'Harm rolls back.' }),
  ),
  signals: Type.Optional(Type.Array(guardrail, { maxItems: 20, description: 'Harm pauses.' })),
  success: Type.Optional(Type.Array(success, { maxItems: 20 })),
  harmBudget: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1e9,
      description: 'Units with a bad outcome, per guardrail.',
    }),
  ),
  reactionTime: Type.Optional(duration('From harm to rollback:')),
  batch: Type.Optional(duration('Length of a telemetry batch:')),
  horizons: Type.Optional(
    Type.Array(duration('A unit counts when it closes:'), { minItems: 1, maxItems: 5 }),
  ),
  holdback: Type.Optional(share('Kept in control after 100 %:')),
  whenBlind: Type.Optional(
    Type.Object(
      {
        hold: Type.Optional(duration('How long it holds before that:')),
        then: Type.Optional(blindAction),
        treatmentOnly: Type.Optional(blindAction),
      },
      closed,
    ),
  ),
  whenStageTooLong: Type.Optional(
    Type.Object(
      { after: Type.Optional(duration('After:')), then: Type.Optional(words('pause', 'rollback')) },
      closed,
    ),
  ),
  slices: Type.Optional(
    Type.Array(name(), { maxItems: 10, description: 'Kept with the plan; not judged apart yet.' }),
  ),
  alphaHarm: Type.Optional(alpha),
  alphaNonInferiority: Type.Optional(alpha),
  alphaSrm: Type.Optional(alpha),
  proof: Type.Optional(
    Type.Object(
      {
        reached: Type.Optional(duration('Every instance acknowledges within:')),
        silent: Type.Optional(duration('No treatment exposure after that, within:')),
        recovered: Type.Optional(duration('The guardrails are as before within:')),
      },
      closed,
    ),
  ),
};

const stages = Type.Array(stage, {
  maxItems: 50,
  description: 'Each includes all of the one before.',
});

/** JSON Schema of a plan's document. */
export const PlanDocument = Type.Object(
  { plan: key('Key of the plan.'), stages, ...settings },
  { ...closed, title: 'Plan', $defs: conditionDefinitions },
);

/** JSON Schema of a plan written inside a flag's document: the same, its key optional. */
export const InlinePlan = Type.Object(
  { plan: Type.Optional(key('Key of the plan; the flag’s unless given.')), stages, ...settings },
  closed,
);
