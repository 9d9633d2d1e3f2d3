import { readSegmentDocument } from '@downhaul/control';
import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { readDocument } from '../read-document.ts';
import { changes } from '../responses.ts';
import { AtOnce, ChangeHeaders, Document, SegmentPath } from '../schema/common.ts';

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
        querystring: Type.Object({ atOnce: AtOnce }),
        body: Document('A segment document.'),
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, segment } = request.params;
      const document = readDocument(readSegmentDocument(request.body), segment);
      const { key, if: condition, owner } = document;
      const { atOnce } = request.query;
      const command = {
        type: 'putSegment',
        key,
        if: condition,
        owner,
        ...(atOnce === undefined ? {} : { atOnce }),
      } as const;
      const change = { project, command, subject: `segment:${segment}` };
      return execute(context, { request, reply }, change);
    },
  );
}
