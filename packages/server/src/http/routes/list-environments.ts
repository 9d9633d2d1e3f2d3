import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import { requireGrant } from '../authenticate.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { ProjectPath } from '../schema/common.ts';
import { findProject } from './find.ts';

const Environments = Type.Object({
  environments: Type.Array(
    Type.Object({
      key: Type.String(),
      owner: Type.String(),
      order: Type.Integer(),
      version: Type.Integer({ description: 'Snapshot version.' }),
    }),
  ),
});

export function listEnvironments(app: App, context: ServerContext): void {
  app.get(
    '/projects/:project/environments',
    {
      config: { access: 'view' },
      schema: {
        summary: 'The environments of a project that the token may see, in their order.',
        operationId: 'listEnvironments',
        params: ProjectPath,
        response: answers(Environments),
      },
    },
    async (request) => {
      const { environments } = findProject(context, request.params.project);
      const { environment: bound } = requireGrant(request);
      return {
        environments: [...environments.values()]
          .filter(({ key }) => bound === undefined || key === bound)
          .sort((a, b) => a.order - b.order)
          .map(({ key, owner, order, version }) => ({ key, owner, order, version })),
      };
    },
  );
}
