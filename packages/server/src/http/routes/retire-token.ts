import { refusal } from '../../error/refusal.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, EnvironmentTokenPath, OptionalChangeBody } from '../schema/common.ts';
import { findEnvironment } from './find.ts';

export function retireToken(app: App, context: ServerContext): void {
  app.post(
    '/projects/:project/environments/:environment/tokens/:token/retire',
    {
      config: { access: 'change' },
      schema: {
        summary:
          'Says that all instances that last spoke with a token are gone; proofs say so too.',
        operationId: 'retireToken',
        params: EnvironmentTokenPath,
        headers: ChangeHeaders,
        body: OptionalChangeBody,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, environment, token } = request.params;
      findEnvironment(context, request.params);
      const known = context.intake.state.environments.get(`${project}/${environment}`);
      const all = [...(known?.instances.values() ?? []), ...(known?.senders.values() ?? [])];
      if (!all.some((each) => each.token === token)) {
        throw refusal('token_without_instances', { token, environment }, { path: '/token' });
      }
      const command = { type: 'retireToken', environment, token } as const;
      return execute(context, { request, reply }, { project, command, body: request.body });
    },
  );
}
