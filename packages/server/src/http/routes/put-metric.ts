import { readMetricDocument } from '@downhaul/control';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { readDocument } from '../read-document.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, Document, MetricPath } from '../schema/common.ts';

export function putMetric(app: App, context: ServerContext): void {
  app.put(
    '/projects/:project/metrics/:metric',
    {
      config: { access: 'change' },
      schema: {
        summary: 'Creates or changes a metric; rollouts that go on keep theirs.',
        operationId: 'putMetric',
        params: MetricPath,
        headers: ChangeHeaders,
        body: Document('A metric document.'),
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, metric: key } = request.params;
      const { readVersion, ...metric } = readDocument(readMetricDocument(request.body), key);
      const command = {
        type: 'putMetric',
        metric,
        ...(readVersion === undefined ? {} : { readVersion }),
      } as const;
      return execute(context, { request, reply }, { project, command, subject: `metric:${key}` });
    },
  );
}
