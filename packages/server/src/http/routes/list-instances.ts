import { Type } from 'typebox';
import { type InstanceView, viewInstance } from '../../intake/view-instance.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { EnvironmentPath } from '../schema/common.ts';
import { findEnvironment } from './find.ts';
import { InstanceSchema, RefusedSchema } from '../schema/instance.ts';

const Instances = Type.Object({
  version: Type.Integer({ description: 'Present snapshot version of the environment.' }),
  instances: Type.Array(InstanceSchema),
  refused: Type.Array(RefusedSchema, {
    description: 'Tokens that have as many instances as they may, and whose new ones were refused.',
  }),
});

export function listInstances(app: App, context: ServerContext): void {
  app.get(
    '/projects/:project/environments/:environment/instances',
    {
      config: { access: 'view' },
      schema: {
        summary: 'Which instance uses which version, and when it was last heard of.',
        operationId: 'listInstances',
        params: EnvironmentPath,
        response: answers(Instances),
      },
    },
    async (request) => {
      const { project, environment } = request.params;
      const { version } = findEnvironment(context, request.params);
      const known = context.intake.state.environments.get(`${project}/${environment}`);
      const { tokens } = context.log.state;
      const instances: InstanceView[] = [...(known?.instances.values() ?? [])].map((instance) =>
        viewInstance(instance, tokens),
      );
      const refused = [...context.admission.refusedIn(request.params)];
      return { version, instances, refused };
    },
  );
}
