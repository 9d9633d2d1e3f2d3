import type { TokenGrant } from '@downhaul/control';
import { type Static, Type } from 'typebox';
import { createTokenParts, formatToken, hashSecret } from '../../auth/token.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { answers } from '../responses.ts';
import { AnswerObject, ChangeHeaders } from '../schema/common.ts';
import { TokenKind, TokenRight } from '../schema/token.ts';

const Body = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    kind: TokenKind,
    project: Type.Optional(Type.String({ description: 'Absent: all; for an SDK `default`.' })),
    environment: Type.Optional(Type.String({ description: 'For an SDK `production` if absent.' })),
    service: Type.Optional(Type.String({ description: 'Of an SDK; its name if absent.' })),
    rights: Type.Optional(Type.Array(TokenRight, { description: '`view` if absent.' })),
    justification: Type.Optional(Type.String({ maxLength: 10_000 })),
  },
  { additionalProperties: false },
);

const Issued = Type.Object({
  ...AnswerObject.properties,
  id: Type.String(),
  token: Type.Union([Type.String(), Type.Null()], {
    description: 'Shown this once; null when a retry is answered.',
  }),
});

export function issueToken(app: App, context: ServerContext): void {
  app.post(
    '/tokens',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Issues a token. The answer alone holds its secret.',
        operationId: 'issueToken',
        headers: ChangeHeaders,
        body: Body,
        response: answers(Issued, { description: 'The token.', status: 201 }),
      },
    },
    async (request, reply) => {
      const { justification } = request.body;
      const parts = createTokenParts(request.body.kind, context.ids);
      const token = grantOf(request.body, { id: parts.id, hash: hashSecret(parts.secret) });
      const answer = await execute(
        context,
        { request, reply },
        {
          project: token.project ?? 'default',
          command: { type: 'issueToken', token },
          ...(justification === undefined ? {} : { body: { justification } }),
        },
      );
      void reply.code(201);
      // A retry is answered with the first token's id; its secret is known to nobody any more.
      const id = typeof answer['token'] === 'string' ? answer['token'] : parts.id;
      const events = answer.events.map((event) => ({ ...event }));
      return {
        ...answer,
        events,
        proof: null,
        id,
        token: id === parts.id ? formatToken(parts) : null,
      };
    },
  );
}

function grantOf(
  body: Static<typeof Body>,
  made: { readonly id: string; readonly hash: string },
): TokenGrant {
  const { name, kind, rights = ['view'] } = body;
  const isSdk = kind === 'sdk';
  const project = body.project ?? (isSdk ? 'default' : undefined);
  const environment = body.environment ?? (isSdk ? 'production' : undefined);
  const service = isSdk ? (body.service ?? name) : body.service;
  return {
    ...made,
    name,
    kind,
    rights: isSdk ? [] : rights,
    ...(project === undefined ? {} : { project }),
    ...(environment === undefined ? {} : { environment }),
    ...(service === undefined ? {} : { service }),
  };
}
