import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { TokenSchema } from '../schema/token.ts';

export function listTokens(app: App, { log }: ServerContext): void {
  app.get(
    '/tokens',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'The tokens that are in force, without their secrets.',
        operationId: 'listTokens',
        response: answers(Type.Object({ tokens: Type.Array(TokenSchema) })),
      },
    },
    async () => ({
      tokens: [...log.state.tokens.values()].map(({ hash: _hash, rights, ...shown }) => ({
        ...shown,
        rights: [...rights],
      })),
    }),
  );
}
