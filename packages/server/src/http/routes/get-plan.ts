import { refusal } from '../../error/refusal.ts';
import { viewPlan } from '../../plan/view-plan.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { PlanPath } from '../schema/common.ts';
import { PlanSchema } from '../schema/plan.ts';
import { findProject } from './find.ts';

export function getPlan(app: App, context: ServerContext): void {
  app.get(
    '/projects/:project/plans/:plan',
    {
      config: { access: 'view' },
      schema: {
        summary: 'A named plan.',
        operationId: 'getPlan',
        params: PlanPath,
        response: answers(PlanSchema),
      },
    },
    async (request, reply) => {
      const { project, plan } = request.params;
      const found = findProject(context, project).plans.get(plan);
      if (!found) throw refusal('plan_not_found', { project, plan }, { path: '/plan' });
      void reply.header('etag', `"${found.version}"`);
      return viewPlan(found);
    },
  );
}
