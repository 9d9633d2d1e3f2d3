import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, EnvironmentPath } from '../schema/common.ts';

const Body = Type.Object(
  {
    owner: Type.String({ minLength: 1, maxLength: 200 }),
    order: Type.Integer({ minimum: 0, maximum: 1_000, description: 'Staging before production.' }),
    justification: Type.Optional(Type.String({ maxLength: 10_000 })),
  },
  { additionalProperties: false },
);

export function putEnvironment(app: App, context: ServerContext): void {
  app.put(
    '/projects/:project/environments/:environment',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Creates an environment.',
        operationId: 'putEnvironment',
        params: EnvironmentPath,
        headers: ChangeHeaders,
        body: Body,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, environment } = request.params;
      const { owner, order, justification } = request.body;
      const unitSalt = context.ids.hex(16);
      const command = {
        type: 'createEnvironment',
        key: environment,
        owner,
        order,
        unitSalt,
      } as const;
      const body = justification === undefined ? undefined : { justification };
      return execute(context, { request, reply }, { project, command, body });
    },
  );
}
