import { readPlanDocument, withAll } from '@downhaul/control';
import { Type } from 'typebox';
import { Refusal } from '../../error/refusal.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeBody, ChangeHeaders, Document, FlagEnvironmentPath } from '../schema/common.ts';

const Body = Type.Object(
  {
    ...ChangeBody.properties,
    plan: Document('The plan as it is to be, more careful than before.'),
  },
  { additionalProperties: false },
);

export function tightenRollout(app: App, context: ServerContext): void {
  app.post(
    '/projects/:project/environments/:environment/flags/:flag/rollout/tighten',
    {
      config: { access: 'change' },
      schema: {
        summary: 'Makes the plan of a rollout that goes on more careful; evidence is kept.',
        operationId: 'tightenRollout',
        params: FlagEnvironmentPath,
        headers: ChangeHeaders,
        body: Body,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, environment, flag } = request.params;
      const { plan: document, ...body } = request.body;
      const read = readPlanDocument(document);
      if (!read.ok) {
        const problem = withAll(read.problems);
        throw new Refusal({ ...problem, path: `/plan${problem.path}` });
      }
      const command = { type: 'tightenRollout', flag, environment, plan: read.value } as const;
      const subject = `flag:${flag}/${environment}`;
      const change = { project, command, subject, body };
      return execute(context, { request, reply }, change);
    },
  );
}
