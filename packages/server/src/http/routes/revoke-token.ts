import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, OptionalChangeBody } from '../schema/common.ts';

export function revokeToken(app: App, context: ServerContext): void {
  app.delete(
    '/tokens/:token',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Revokes a token; from the answer on it is refused.',
        operationId: 'revokeToken',
        params: Type.Object({ token: Type.String({ minLength: 1, description: 'Its id.' }) }),
        headers: ChangeHeaders,
        body: OptionalChangeBody,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { token } = request.params;
      const project = context.log.state.tokens.get(token)?.project ?? 'default';
      const command = { type: 'revokeToken', token } as const;
      return execute(context, { request, reply }, { project, command, body: request.body });
    },
  );
}
