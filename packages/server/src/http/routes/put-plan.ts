import { readPlanDocument } from '@downhaul/control';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { readDocument } from '../read-document.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, Document, PlanPath } from '../schema/common.ts';

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
        body: Document('A plan document.'),
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, plan: key } = request.params;
      const plan = readDocument(readPlanDocument(request.body), key);
      const command = { type: 'putPlan', plan } as const;
      return execute(context, { request, reply }, { project, command, subject: `plan:${key}` });
    },
  );
}
