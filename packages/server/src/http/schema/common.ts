import { type Static, Type } from 'typebox';
import type { CommandAnswer } from '../../log/answer.ts';

/** Keys of projects, environments, flags, segments, metrics and plans as they stand in a path. */
const Key = Type.String({ minLength: 1, maxLength: 200 });

export const ProjectPath = Type.Object({ project: Key });
export const EnvironmentPath = Type.Object({ project: Key, environment: Key });
export const FlagPath = Type.Object({ project: Key, flag: Key });
export const FlagEnvironmentPath = Type.Object({ project: Key, environment: Key, flag: Key });
export const SegmentPath = Type.Object({ project: Key, segment: Key });
export const MetricPath = Type.Object({ project: Key, metric: Key });
export const PlanPath = Type.Object({ project: Key, plan: Key });
export const ProofPath = Type.Object({ project: Key, proof: Type.String({ minLength: 1 }) });
export const InstancePath = Type.Object({
  project: Key,
  environment: Key,
  instance: Type.String({ minLength: 1, maxLength: 200 }),
});

export const EnvironmentTokenPath = Type.Object({
  project: Key,
  environment: Key,
  token: Type.String({ minLength: 1, maxLength: 200, description: 'Its id.' }),
});

/** What any change may say beside what it changes. */
export const ChangeBody = Type.Object(
  {
    justification: Type.Optional(
      Type.String({ maxLength: 10_000, description: 'Why; kept outside the hash chain.' }),
    ),
    expectedVersions: Type.Optional(
      Type.Record(Type.String(), Type.Integer({ minimum: 0 }), {
        description: 'Versions that were read, by subject such as `flag:new-checkout`.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ChangeBody = Static<typeof ChangeBody>;

/** A source of telemetry, and why. */
export const SourceBody = Type.Object(
  {
    ...ChangeBody.properties,
    service: Type.String({ minLength: 1, maxLength: 200 }),
    instance: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Absent: all of the service.' }),
    ),
  },
  { additionalProperties: false },
);

export const OptionalChangeBody = Type.Optional(Type.Union([ChangeBody, Type.Null()]));

/** As a query parameter, of documents; with a justification. */
export const AtOnce = Type.Optional(
  Type.Boolean({
    description: 'Allow what raises somebody at once (docs/changes.md); needs a justification.',
  }),
);

export const ChangeHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description: 'A retry with the same key changes nothing twice. Made if absent.',
    }),
  ),
  'correlation-id': Type.Optional(
    Type.String({ description: 'Stands in every event and log line of the request.' }),
  ),
  'if-match': Type.Optional(
    Type.String({
      description:
        'The version that was read, in quotes, of what the path names; not on the way down.',
    }),
  ),
  justification: Type.Optional(
    Type.String({ description: 'Why, percent-encoded; for routes whose body is a document.' }),
  ),
});

export const DryRun = Type.Optional(
  Type.Boolean({ description: 'Only say what would change, or why not; change nothing.' }),
);

/** A value whose shape the domain checks, with better words than a validator has. */
export const Document = (description: string) =>
  Type.Unsafe<unknown>({ type: 'object', description, additionalProperties: true });

export const Json = Type.Unknown();

export const DocumentAsRead = Type.Unsafe<object>({
  type: 'object',
  additionalProperties: true,
  description: 'The document with every default written out, and the version it was read at.',
});

export const FieldChangeSchema = Type.Object(
  {
    field: Type.String({
      description: 'A JSON pointer into the document; members of lists by their names.',
    }),
    before: Type.Optional(
      Type.Unknown({ description: 'Absent where it was not there, or is large.' }),
    ),
    after: Type.Optional(Type.Unknown({ description: 'Absent where it is gone, or is large.' })),
    text: Type.String({ description: 'The same in words.' }),
  },
  { $id: 'FieldChange', description: 'What a document says differently from the one before.' },
);

export const OthersChangeSchema = Type.Object(
  {
    field: Type.String({ description: 'One of the fields in `changes`.' }),
    by: Type.Object({
      kind: Type.String(),
      id: Type.String({ description: 'Id of the token.' }),
      name: Type.Optional(Type.String({ description: 'Its name at that time.' })),
    }),
    version: Type.Integer({ description: 'Of their change.' }),
    atMs: Type.Integer(),
    takenBack: Type.Boolean({ description: 'True where it is again as before their change.' }),
  },
  { $id: 'OthersChange', description: 'A field that somebody else had changed last.' },
);

export const AnswerObject = Type.Object(
  {
    changed: Type.Boolean({ description: 'False where everything was as asked already.' }),
    version: Type.Integer({ description: 'Log position of what is now so.' }),
    position: Type.Integer({ description: 'Log position of the last event of this change.' }),
    events: Type.Array(Type.Object({ position: Type.Integer(), type: Type.String() })),
    proof: Type.Optional(
      Type.Union([Type.String(), Type.Null()], { description: 'Id of the rollback proof.' }),
    ),
    created: Type.Optional(Type.Boolean({ description: 'Of a put: there was none before.' })),
    changes: Type.Optional(Type.Array(FieldChangeSchema)),
    others: Type.Optional(Type.Array(OthersChangeSchema)),
    started: Type.Optional(
      Type.Array(Type.String(), { description: 'Rollouts that a flag’s document started.' }),
    ),
    dryRun: Type.Optional(Type.Boolean({ description: 'True where nothing was changed by it.' })),
  },
  { $id: 'Answer', additionalProperties: true, description: 'What a change led to.' },
);

export const Answer = Type.Unsafe<CommandAnswer>(AnswerObject);

export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: 'Stable; see docs/errors.md.' }),
    path: Type.String({ description: 'JSON pointer into the input; empty for the whole of it.' }),
    accepted: Type.Optional(Type.String({ description: 'What would be accepted.' })),
    details: Type.Optional(Json),
    correlationId: Type.String(),
  },
  { $id: 'Problem', description: 'Problem details, RFC 9457.' },
);
