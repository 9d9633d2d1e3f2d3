import { MAX_REFUSAL, MAX_SLICE_VALUE, MAX_SLICES, MAX_UNREADABLE } from '@downhaul/engine';
import { Type } from 'typebox';

/** The shapes of `protocol/telemetry.ts` of the engine; unknown members are refused. */
const closed = { additionalProperties: false };
const Name = Type.String({ minLength: 1, maxLength: 500 });
const Instance = Type.String({ minLength: 1, maxLength: 200 });
const Version = Type.Integer({ minimum: 0 });
const Time = Type.Number({ minimum: 0 });
const Unit = Type.String({ pattern: '^[0-9a-f]{16}$', description: '`unitHash` of the unit.' });
const Arm = Type.Union([Type.Literal('control'), Type.Literal('treatment')]);
const Count = Type.Integer({ minimum: 0 });

const Slices = Type.Record(
  Type.String(),
  Type.String({ minLength: 1, maxLength: MAX_SLICE_VALUE }),
  {
    maxProperties: MAX_SLICES,
    description: 'What the context said of the attributes that the rollout’s plan tells apart.',
  },
);
const Synthetic = Type.Literal(true, {
  description: 'Traffic that no person made: measured apart, in no arm.',
});

const Exposure = Type.Object(
  {
    flag: Name,
    rollout: Name,
    stage: Type.Integer({ minimum: -2 }),
    allocation: Count,
    arm: Arm,
    served: Type.Boolean(),
    version: Version,
    unit: Unit,
    atMs: Time,
    slices: Type.Optional(Slices),
    synthetic: Type.Optional(Synthetic),
  },
  closed,
);

const TrackedValues = Type.Object(
  { sum: Type.Number(), largest: Type.Number(), last: Type.Number() },
  { ...closed, description: 'Of a tracked metric; absent: each time counts as 1.' },
);

const Outcome = Type.Object(
  {
    unit: Unit,
    metric: Name,
    atMs: Time,
    value: Type.Number(),
    lastAtMs: Type.Optional(Time),
    values: Type.Optional(TrackedValues),
    flag: Type.Optional(Name),
    synthetic: Type.Optional(Synthetic),
  },
  closed,
);

const Activity = Type.Object(
  {
    flag: Name,
    rollout: Name,
    stage: Type.Integer({ minimum: -2 }),
    arm: Arm,
    version: Version,
    count: Count,
    lastAtMs: Time,
    synthetic: Type.Optional(Synthetic),
  },
  closed,
);

const Traffic = Type.Object(
  {
    sinceMs: Time,
    units: Type.Integer({ minimum: 0, description: 'Distinct units of the requests that ended.' }),
    metrics: Type.Record(Type.String(), Type.Object({ count: Count, bad: Count }, closed), {
      description: 'By metric: how often, and how often badly.',
    }),
  },
  { ...closed, description: 'What the instance saw, whether or not anything is measured.' },
);

export const ReportSchema = Type.Object(
  {
    instance: Instance,
    sequence: Type.Integer({ minimum: 1 }),
    sentAtMs: Time,
    throughMs: Type.Optional(
      Type.Number({
        minimum: 0,
        description: 'What ended by then is in this report or in an earlier one.',
      }),
    ),
    version: Version,
    exposures: Type.Array(Exposure),
    outcomes: Type.Array(Outcome),
    activity: Type.Array(Activity),
    dropped: Type.Object({ exposures: Count, outcomes: Count }, closed),
    traffic: Type.Optional(Traffic),
    evaluates: Type.Optional(
      Type.Array(Name, {
        description:
          'Flags evaluated and not told of yet; absent: the instance may evaluate any of them.',
      }),
    ),
  },
  closed,
);

export const ReportAnswer = Type.Object({
  accepted: Type.Integer({ description: 'Items that were taken.' }),
  duplicate: Type.Boolean({ description: 'True for a report that had been received before.' }),
  droppedItems: Type.Record(Type.String(), Type.Integer(), {
    description: 'Items that count nowhere, by cause.',
  }),
});

export const AcknowledgementSchema = Type.Object(
  {
    instance: Instance,
    version: Version,
    sdk: Type.Object({ name: Name, version: Name, formatVersion: Count }, closed),
    capabilities: Type.Array(Name, { maxItems: 1_000 }),
    reportsExposures: Type.Boolean(),
    sentAtMs: Time,
    unreadable: Type.Optional(
      Type.Array(Name, {
        maxItems: MAX_UNREADABLE,
        description: 'Flags that the instance cannot read: it serves its code defaults for them.',
      }),
    ),
    unreadableMore: Type.Optional(
      Type.Integer({ minimum: 0, description: 'How many more such flags there are.' }),
    ),
    refused: Type.Optional(
      Type.Object(
        {
          version: Type.Optional(Version),
          why: Type.String({ minLength: 1, maxLength: MAX_REFUSAL }),
        },
        {
          ...closed,
          description: 'A version that could not be used. `version` is then what is used, or 0.',
        },
      ),
    ),
  },
  closed,
);

export const GoodbyeSchema = Type.Object({ instance: Instance, lastSequence: Count }, closed);

export const SdkQuery = Type.Object({
  project: Type.Optional(Type.String({ description: 'Must be the project of the token.' })),
  environment: Type.Optional(Type.String({ description: 'Must be the environment of the token.' })),
});

export const SdkHeaders = Type.Object({
  'downhaul-instance': Type.Optional(
    Type.String({ description: 'Name of the sending process, unique per start. Required.' }),
  ),
});
