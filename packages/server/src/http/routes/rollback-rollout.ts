import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { causeBy } from '../cause-by.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, FlagEnvironmentPath, OptionalChangeBody } from '../schema/common.ts';

export function rollbackRollout(app: App, context: ServerContext): void {
  app.post(
    '/projects/:project/environments/:environment/flags/:flag/rollout/rollback',
    {
      config: { access: 'view', isWayDown: true },
      schema: {
        summary: 'Takes the share of the rollout to zero. Never refused to anybody who may look.',
        operationId: 'rollbackRollout',
        params: FlagEnvironmentPath,
        headers: ChangeHeaders,
        body: OptionalChangeBody,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, environment, flag } = request.params;
      const command = {
        type: 'rollbackRollout',
        flag,
        environment,
        cause: causeBy(request, 'rolled it back'),
      } as const;
      return execute(context, { request, reply }, { project, command, body: request.body });
    },
  );
}
