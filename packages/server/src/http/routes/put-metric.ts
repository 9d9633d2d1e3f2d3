import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { putDocument } from '../put.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, Document, DryRun, MetricPath } from '../schema/common.ts';

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
        querystring: Type.Object({ dryRun: DryRun }),
        body: Document('A metric document.'),
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, metric: key } = request.params;
      const put = { project, kind: 'metric', key, ...request.query } as const;
      return putDocument(context, { request, reply }, put);
    },
  );
}
