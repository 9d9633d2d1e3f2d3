import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, FlagEnvironmentPath, SourceBody } from '../schema/common.ts';

export function includeSource(app: App, context: ServerContext): void {
  app.post(
    '/projects/:project/environments/:environment/flags/:flag/rollout/include',
    {
      config: { access: 'change' },
      schema: {
        summary: 'Lets an excluded source count again from now on.',
        operationId: 'includeSource',
        params: FlagEnvironmentPath,
        headers: ChangeHeaders,
        body: SourceBody,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, environment, flag } = request.params;
      const { service, instance, ...body } = request.body;
      const source = { service, ...(instance === undefined ? {} : { instance }) };

      const command = { type: 'includeSource', flag, environment, ...source } as const;
      return execute(context, { request, reply }, { project, command, body });
    },
  );
}
