import { Type } from 'typebox';

export const InstanceSchema = Type.Object({
  id: Type.String(),
  service: Type.String(),
  class: Type.String({ description: 'acking, sent, polling or ephemeral.' }),
  live: Type.Boolean(),
  token: Type.Optional(Type.String({ description: 'Id of the token that it last spoke with.' })),
  cutOff: Type.Boolean({
    description: 'Live as far as is known, and unable to say anything: its token was revoked.',
  }),
  version: Type.Optional(Type.Integer({ description: 'Newest version known to be in use.' })),
  versionSinceMs: Type.Optional(Type.Number()),
  firstContactAtMs: Type.Number(),
  lastContactAtMs: Type.Number(),
  lastReportAtMs: Type.Optional(Type.Number()),
  reportsReceived: Type.Integer(),
  reportsLost: Type.Integer({ description: 'Reports missing in the sequence so far.' }),
  itemsDropped: Type.Integer({ description: 'Items that the instance itself left out.' }),
  streamOpen: Type.Boolean(),
  streamStalledSinceMs: Type.Optional(
    Type.Number({
      description:
        'Since when nothing of what waits for it on its stream is taken; known while a proof waits for it.',
    }),
  ),
  sdk: Type.Optional(Type.String()),
  unreadable: Type.Optional(
    Type.Object(
      { flags: Type.Array(Type.String()), more: Type.Integer() },
      { description: 'Flags that it cannot read; it serves its code defaults for them.' },
    ),
  ),
  refused: Type.Optional(
    Type.Object(
      { version: Type.Optional(Type.Integer()), why: Type.String(), atMs: Type.Number() },
      { description: 'A version later than the one in use that it could not use.' },
    ),
  ),
  left: Type.Optional(Type.Object({ why: Type.String(), atMs: Type.Number() })),
});

export const RefusedSchema = Type.Object({
  token: Type.String(),
  service: Type.String(),
  requests: Type.Integer({ description: 'Requests that were refused; of how many is not known.' }),
  lastAtMs: Type.Number(),
});
