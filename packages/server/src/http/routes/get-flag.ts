import { writeFlagDocument } from '@downhaul/control';
import { Type } from 'typebox';
import { ownPart } from '../../auth/own-part.ts';
import type { App } from '../app-types.ts';
import { requireGrant } from '../authenticate.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { DocumentAsRead, FlagPath, Json } from '../schema/common.ts';
import { documentAt } from '../document-at.ts';
import { findFlag } from './find.ts';

const Flag = Type.Object({
  key: Type.String(),
  version: Type.Integer({ description: 'Position of the last change of the definition.' }),
  archived: Type.Boolean(),
  definition: Type.Unsafe<object>({
    type: 'object',
    additionalProperties: true,
    description: 'What the flag is, with every default filled in.',
  }),
  document: DocumentAsRead,
  environments: Type.Record(
    Type.String(),
    Type.Object({
      down: Type.Boolean(),
      downedAtMs: Type.Optional(Type.Integer()),
      version: Type.Integer(),
      overrides: Type.Integer({ description: 'How many units have an override.' }),
      proof: Type.Optional(Type.String({ description: 'Id of the newest rollback proof.' })),
      rollout: Type.Optional(Json),
      earlier: Type.Array(Json),
    }),
  ),
});

export function getFlag(app: App, context: ServerContext): void {
  app.get(
    '/projects/:project/flags/:flag',
    {
      config: { access: 'view' },
      schema: {
        summary:
          'A flag: its definition and where it stands in each environment that the token may see.',
        operationId: 'getFlag',
        params: FlagPath,
        response: answers(Flag),
      },
    },
    async (request, reply) => {
      const { key, version, archived, definition, environments } = findFlag(
        context,
        request.params,
      );
      void reply.header('etag', `"${version}"`);
      const { environment: bound } = requireGrant(request);
      const here = Object.entries(ownPart(environments, bound)).map(
        ([name, { overrides: _page, overridesCount, ...state }]) => [
          name,
          { ...state, overrides: overridesCount ?? 0 },
        ],
      );
      // Whoever is bound to one environment sees no others, and cannot put the document.
      const seen = { ...definition, environments: ownPart(definition.environments, bound) };
      return {
        key,
        version,
        archived,
        definition: seen,
        document: documentAt(writeFlagDocument(seen), version),
        environments: Object.fromEntries(here) as Record<string, never>,
      };
    },
  );
}
