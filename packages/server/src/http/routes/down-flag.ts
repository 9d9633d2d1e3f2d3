import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, FlagEnvironmentPath, OptionalChangeBody } from '../schema/common.ts';

export function downFlag(app: App, context: ServerContext): void {
  app.post(
    '/projects/:project/environments/:environment/flags/:flag/down',
    {
      config: { access: 'view', isWayDown: true },
      schema: {
        summary: 'Serves the safe variant to everyone at once, until `up`.',
        operationId: 'downFlag',
        params: FlagEnvironmentPath,
        headers: ChangeHeaders,
        body: OptionalChangeBody,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, environment, flag } = request.params;
      const command = { type: 'downFlag', flag, environment } as const;
      return execute(context, { request, reply }, { project, command, body: request.body });
    },
  );
}
