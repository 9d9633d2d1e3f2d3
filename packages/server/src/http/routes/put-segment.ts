import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { putDocument } from '../put.ts';
import { changes } from '../responses.ts';
import { AtOnce, ChangeHeaders, Document, DryRun, SegmentPath } from '../schema/common.ts';

export function putSegment(app: App, context: ServerContext): void {
  app.put(
    '/projects/:project/segments/:segment',
    {
      config: { access: 'change' },
      schema: {
        summary: 'Creates or changes a segment by its document.',
        operationId: 'putSegment',
        params: SegmentPath,
        headers: ChangeHeaders,
        querystring: Type.Object({ atOnce: AtOnce, dryRun: DryRun }),
        body: Document('A segment document.'),
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, segment: key } = request.params;
      const put = { project, kind: 'segment', key, ...request.query } as const;
      return putDocument(context, { request, reply }, put);
    },
  );
}
