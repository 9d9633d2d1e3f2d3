import { Type } from 'typebox';
import { viewPlan } from '../../plan/view-plan.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { ProjectPath } from '../schema/common.ts';
import { PlanSchema } from '../schema/plan.ts';
import { findProject } from './find.ts';

export function listPlans(app: App, context: ServerContext): void {
  app.get(
    '/projects/:project/plans',
    {
      config: { access: 'view' },
      schema: {
        summary: 'The named plans of a project.',
        operationId: 'listPlans',
        params: ProjectPath,
        response: answers(Type.Object({ plans: Type.Array(PlanSchema) })),
      },
    },
    async (request) => {
      const { plans } = findProject(context, request.params.project);
      return { plans: [...plans.values()].map(viewPlan) };
    },
  );
}
