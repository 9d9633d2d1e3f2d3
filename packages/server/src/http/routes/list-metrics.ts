import { projectMetrics } from '@downhaul/control';
import { Type } from 'typebox';
import { viewMetric } from '../../metric/view-metric.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { ProjectPath } from '../schema/common.ts';
import { MetricSchema } from '../schema/metric.ts';
import { findProject } from './find.ts';

export function listMetrics(app: App, context: ServerContext): void {
  app.get(
    '/projects/:project/metrics',
    {
      config: { access: 'view' },
      schema: {
        summary: 'The metrics that plans of a project can name, with those that are built in.',
        operationId: 'listMetrics',
        params: ProjectPath,
        response: answers(Type.Object({ metrics: Type.Array(MetricSchema) })),
      },
    },
    async (request) => {
      const known = projectMetrics(findProject(context, request.params.project));
      return {
        metrics: known
          .keys()
          .flatMap((key) => known.get(key) ?? [])
          .map(viewMetric),
      };
    },
  );
}
