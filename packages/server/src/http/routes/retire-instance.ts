import { refusal } from '../../error/refusal.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, InstancePath, OptionalChangeBody } from '../schema/common.ts';
import { findEnvironment } from './find.ts';

export function retireInstance(app: App, context: ServerContext): void {
  app.post(
    '/projects/:project/environments/:environment/instances/:instance/retire',
    {
      config: { access: 'change' },
      schema: {
        summary: 'Says that an instance is gone, on an operator’s word; proofs say so too.',
        operationId: 'retireInstance',
        params: InstancePath,
        headers: ChangeHeaders,
        body: OptionalChangeBody,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, environment, instance } = request.params;
      findEnvironment(context, request.params);
      const known = context.intake.state.environments.get(`${project}/${environment}`);
      if (!known?.instances.has(instance)) {
        throw refusal('instance_unknown', { instance, environment }, { path: '/instance' });
      }
      const command = { type: 'retireInstance', environment, instance } as const;
      const change = { project, command, body: request.body };
      return execute(context, { request, reply }, change);
    },
  );
}
