import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { putDocument } from '../put.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, Document, DryRun, PlanPath } from '../schema/common.ts';

export function putPlan(app: App, context: ServerContext): void {
  app.put(
    '/projects/:project/plans/:plan',
    {
      config: { access: 'change' },
      schema: {
        summary: 'Creates or changes a named plan; rollouts that go on keep theirs.',
        operationId: 'putPlan',
        params: PlanPath,
        headers: ChangeHeaders,
        querystring: Type.Object({ dryRun: DryRun }),
        body: Document('A plan document.'),
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, plan: key } = request.params;
      const put = { project, kind: 'plan', key, ...request.query } as const;
      return putDocument(context, { request, reply }, put);
    },
  );
}
