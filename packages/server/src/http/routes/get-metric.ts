import { projectMetrics } from '@downhaul/control';
import { refusal } from '../../error/refusal.ts';
import { viewMetric } from '../../metric/view-metric.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { MetricPath } from '../schema/common.ts';
import { MetricSchema } from '../schema/metric.ts';
import { findProject } from './find.ts';

export function getMetric(app: App, context: ServerContext): void {
  app.get(
    '/projects/:project/metrics/:metric',
    {
      config: { access: 'view' },
      schema: {
        summary: 'A metric, whether it has a document or is built in.',
        operationId: 'getMetric',
        params: MetricPath,
        response: answers(MetricSchema),
      },
    },
    async (request, reply) => {
      const { project, metric } = request.params;
      const found = projectMetrics(findProject(context, project)).get(metric);
      if (!found) throw refusal('metric_not_found', { project, metric }, { path: '/metric' });
      void reply.header('etag', `"${found.version}"`);
      return viewMetric(found);
    },
  );
}
