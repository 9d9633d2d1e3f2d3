import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { causeBy } from '../cause-by.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, FlagEnvironmentPath, OptionalChangeBody } from '../schema/common.ts';

export function pauseRollout(app: App, context: ServerContext): void {
  app.post(
    '/projects/:project/environments/:environment/flags/:flag/rollout/pause',
    {
      config: { access: 'view', isWayDown: true },
      schema: {
        summary: 'Keeps the rollout where it is until somebody resumes it.',
        operationId: 'pauseRollout',
        params: FlagEnvironmentPath,
        headers: ChangeHeaders,
        body: OptionalChangeBody,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, environment, flag } = request.params;
      const command = {
        type: 'pauseRollout',
        flag,
        environment,
        cause: causeBy(request, 'paused it'),
      } as const;
      return execute(context, { request, reply }, { project, command, body: request.body });
    },
  );
}
