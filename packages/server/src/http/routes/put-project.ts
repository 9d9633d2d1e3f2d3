import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, OptionalChangeBody, ProjectPath } from '../schema/common.ts';

export function putProject(app: App, context: ServerContext): void {
  app.put(
    '/projects/:project',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Creates a project; one that is there stays as it is.',
        operationId: 'putProject',
        params: ProjectPath,
        headers: ChangeHeaders,
        body: OptionalChangeBody,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project } = request.params;
      const command = { type: 'createProject', key: project } as const;
      return execute(context, { request, reply }, { project, command, body: request.body });
    },
  );
}
