import { Type } from 'typebox';
import { requireGrant } from '../authenticate.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';

const Projects = Type.Object({
  projects: Type.Array(
    Type.Object({
      key: Type.String(),
      environments: Type.Array(Type.String()),
      flags: Type.Integer(),
    }),
  ),
});

export function listProjects(app: App, { log }: ServerContext): void {
  app.get(
    '/projects',
    {
      config: { access: 'view' },
      schema: {
        summary: 'The projects that the token may see.',
        operationId: 'listProjects',
        response: answers(Projects),
      },
    },
    async (request) => {
      const { project: bound, environment } = requireGrant(request);
      const visible = [...log.state.projects.values()].filter(
        ({ key }) => bound === undefined || bound === key,
      );
      return {
        projects: visible.map(({ key, environments, flags }) => ({
          key,
          environments: [...environments.keys()].filter(
            (name) => environment === undefined || name === environment,
          ),
          flags: [...flags.values()].filter(({ archived }) => !archived).length,
        })),
      };
    },
  );
}
