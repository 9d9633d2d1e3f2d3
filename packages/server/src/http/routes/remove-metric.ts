import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, MetricPath, OptionalChangeBody } from '../schema/common.ts';

export function removeMetric(app: App, context: ServerContext): void {
  app.delete(
    '/projects/:project/metrics/:metric',
    {
      config: { access: 'change' },
      schema: {
        summary: 'Removes a metric that nothing uses.',
        operationId: 'removeMetric',
        params: MetricPath,
        headers: ChangeHeaders,
        body: OptionalChangeBody,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, metric } = request.params;
      const command = { type: 'removeMetric', metric } as const;
      const change = { project, command, subject: `metric:${metric}`, body: request.body };
      return execute(context, { request, reply }, change);
    },
  );
}
