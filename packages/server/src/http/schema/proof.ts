import { Type } from 'typebox';

const Clock = Type.Object({
  clock: Type.Union([Type.Literal('reached'), Type.Literal('silent'), Type.Literal('recovered')]),
  outcome: Type.Union([Type.Literal('proven'), Type.Literal('pending'), Type.Literal('missed')], {
    description: '`missed`: its deadline is over; it may still become proven.',
  }),
  deadlineAtMs: Type.Number(),
  statement: Type.String({ description: 'What is proven and how, or what is missing.' }),
  missing: Type.Array(
    Type.Object({
      name: Type.String({ description: 'An instance, or a guardrail.' }),
      service: Type.Optional(Type.String()),
      why: Type.String(),
      cutOffBy: Type.Optional(
        Type.String({ description: 'The revoked token that it last spoke with.' }),
      ),
    }),
  ),
  recorded: Type.Optional(
    Type.Object(
      { outcome: Type.String(), atMs: Type.Number() },
      { description: 'What the log holds of this clock.' },
    ),
  ),
});

/** A rollback proof: its three clocks and, by instance, what is still missing. */
export const ProofSchema = Type.Object(
  {
    id: Type.String(),
    project: Type.String(),
    environment: Type.String(),
    flag: Type.String(),
    rollout: Type.Optional(Type.String()),
    kind: Type.Union([Type.Literal('rollback'), Type.Literal('down')]),
    version: Type.Integer({ description: 'The snapshot version that every instance must reach.' }),
    openedAtMs: Type.Number(),
    nowMs: Type.Number({ description: 'The store’s clock.' }),
    proven: Type.Boolean({ description: 'All three clocks are proven.' }),
    clocks: Type.Array(Clock),
    instances: Type.Record(Type.String(), Type.Integer(), { description: 'Instances by class.' }),
    notConcerned: Type.Object(
      { instances: Type.Integer(), services: Type.Array(Type.String()) },
      { description: 'Live instances of services that do not evaluate the flag: not waited for.' },
    ),
  },
  { $id: 'Proof' },
);
