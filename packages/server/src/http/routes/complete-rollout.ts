import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, FlagEnvironmentPath, OptionalChangeBody } from '../schema/common.ts';

export function completeRollout(app: App, context: ServerContext): void {
  app.post(
    '/projects/:project/environments/:environment/flags/:flag/rollout/complete',
    {
      config: { access: 'change' },
      schema: {
        summary: 'Completes a rollout at its last stage; the watch begins.',
        operationId: 'completeRollout',
        params: FlagEnvironmentPath,
        headers: ChangeHeaders,
        body: OptionalChangeBody,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, environment, flag } = request.params;
      const command = { type: 'completeRollout', flag, environment } as const;
      const subject = `flag:${flag}/${environment}`;
      const change = { project, command, subject, body: request.body };
      return execute(context, { request, reply }, change);
    },
  );
}
