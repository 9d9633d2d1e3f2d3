import { MAX_SLICES } from '@downhaul/engine';
import {
  anyOf,
  array,
  boolean,
  integer,
  number,
  object,
  optional,
  string,
  words,
  JSON_SCHEMA,
} from './json-schema.ts';
import { conditionDefinitions, conditionReference } from './condition-schema.ts';
import { DATE_ACCEPTS, DATE_PATTERN } from './date.ts';
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
import { LARGEST_MARGIN } from './read-guardrail.ts';
import { NAME_MOST } from './readers.ts';
import { versionSchema } from './version-schema.ts';

const key = (description: string) => string({ pattern: KEY_PATTERN, description });
const name = (description = '') =>
  string({
    minLength: 1,
    maxLength: NAME_MOST,
    ...(description === '' ? {} : { description }),
  });
const duration = (description: string) =>
  string({ pattern: DURATION_PATTERN, description: `${description} ${DURATION_ACCEPTS}.` });
const share = (description: string) =>
  string({ pattern: SHARE_PATTERN, description: `${description} ${SHARE_ACCEPTS}.` });
const ratio = string({ pattern: RATIO_PATTERN, description: RATIO_ACCEPTS });
const alpha = number({ minimum: 1e-9, maximum: 0.5 });
const names = array(name(), { minItems: 1, maxItems: 1000 });

const audience = anyOf(
  [
    conditionReference,
    object(
      {
        segments: optional(array(key('A segment.'), { minItems: 1, maxItems: 1000 })),
        tenants: optional(names),
        services: optional(names),
        instances: optional(names),
      },
      { minProperties: 1 },
    ),
  ],
  { description: 'A condition, or lists: any of each list, all of the lists.' },
);

const stage = object({
  share: share('Share of the audience in treatment:'),
  bake: duration('The least time in this stage:'),
  minimumSample: optional(
    integer({
      minimum: 0,
      maximum: 1e9,
      description: 'Treatment units before the next stage.',
    }),
  ),
  audience: optional(audience),
  plus: optional(
    array(object({ audience, share: share('Share of that audience:') }), {
      maxItems: 20,
      description: 'Further audiences, each at a share of its own.',
    }),
  ),
});

const guardrail = object({
  metric: name('A metric that is built in, such as http.error_rate, or one with a document.'),
  quantile: optional(string({ pattern: QUANTILE_PATTERN, description: QUANTILE_ACCEPTS })),
  worse: optional(words('higher', 'lower')),
  margin: object(
    {
      relative: optional(ratio),
      absolute: optional(
        number({
          minimum: 0,
          maximum: LARGEST_MARGIN,
          description: 'A difference of shares, below 1; of a mean it is in its unit.',
        }),
      ),
    },
    { description: 'The tolerated worsening.' },
  ),
  weight: optional(
    number({
      minimum: 0,
      maximum: 1,
      description: 'Share of the harm alpha; all sum to 1.',
    }),
  ),
  budget: optional(
    object(
      {
        objective: string({
          pattern: RATIO_PATTERN,
          description: 'Share of requests that must be good, such as 99.9%.',
        }),
        window: optional(duration('The window of the objective, up to 35d:')),
        then: optional(words('hold', 'rollback')),
      },
      { description: 'The error budget of the services behind it, by request.' },
    ),
  ),
});

const success = object({
  metric: name(),
  better: words('higher', 'lower'),
  by: object({ relative: ratio }),
});

const attribute = name('An attribute of the context, or `service`: who reported the outcome.');
const slice = anyOf([
  attribute,
  object({
    attribute,
    minimumSample: optional(
      integer({
        minimum: 0,
        maximum: 1e9,
        description: 'Units of each arm before a value is spoken of.',
      }),
    ),
  }),
]);

const blindAction = words('hold', 'pause', 'rollback');

/** Everything of a plan but its key and stages; all of it has a default. */
const settings = {
  unit: optional(name('Attribute that identifies the unit of randomization.')),
  baseline: optional(duration('How long is measured before the first stage:')),
  guardrails: optional(array(guardrail, { maxItems: 20, description: 'Harm rolls back.' })),
  signals: optional(array(guardrail, { maxItems: 20, description: 'Harm pauses.' })),
  success: optional(array(success, { maxItems: 20 })),
  harmBudget: optional(
    number({
      minimum: 0,
      maximum: 1e9,
      description: 'Units with a bad outcome, per guardrail.',
    }),
  ),
  reactionTime: optional(duration('From harm to rollback:')),
  batch: optional(duration('Length of a telemetry batch:')),
  horizons: optional(
    array(duration('A unit counts when it closes:'), { minItems: 1, maxItems: 5 }),
  ),
  holdback: optional(share('Kept in control after 100 %:')),
  whenBlind: optional(
    object({
      hold: optional(duration('How long it holds before that:')),
      then: optional(blindAction),
      treatmentOnly: optional(blindAction),
    }),
  ),
  whenStageTooLong: optional(
    object({ after: optional(duration('After:')), then: optional(words('pause', 'rollback')) }),
  ),
  whenShared: optional(
    object(
      { then: words('rollback', 'hold') },
      { description: 'When control worsens too, and with the share.' },
    ),
  ),
  watch: optional(
    object(
      {
        until: optional(string({ pattern: DATE_PATTERN, description: DATE_ACCEPTS })),
        for: optional(duration('Counted from completion:')),
        falseAlarmEvery: optional(duration('False alarms are at least so far apart on average:')),
      },
      { description: 'The watch after completion; without an end until the flag is archived.' },
    ),
  ),
  slices: optional(
    array(slice, { maxItems: MAX_SLICES, description: 'Told apart and judged one by one.' }),
  ),
  rehearsal: optional(
    object(
      {
        required: optional(boolean()),
        within: optional(duration('A rehearsal counts for:')),
        falseRollback: optional(ratio),
        missed: optional(ratio),
      },
      { description: 'What has to have been rehearsed before a start.' },
    ),
  ),
  alphaHarm: optional(alpha),
  alphaNonInferiority: optional(alpha),
  alphaSrm: optional(alpha),
  proof: optional(
    object({
      reached: optional(duration('Every instance acknowledges within:')),
      silent: optional(duration('No treatment exposure after that, within:')),
      recovered: optional(duration('The guardrails are as before within:')),
    }),
  ),
};

const stages = array(stage, {
  maxItems: 50,
  description: 'Each includes all of the one before.',
});

/** JSON Schema of a plan's document. */
export const PlanDocument = object(
  { plan: key('Key of the plan.'), stages, ...settings, version: optional(versionSchema) },
  { $schema: JSON_SCHEMA, title: 'Plan', $defs: conditionDefinitions },
);

/** JSON Schema of a plan written inside a flag's document: the same, its key optional. */
export const InlinePlan = object({
  plan: optional(key('Key of the plan; the flag’s unless given.')),
  stages,
  ...settings,
});
