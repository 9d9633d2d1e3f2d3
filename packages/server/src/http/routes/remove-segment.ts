import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, OptionalChangeBody, SegmentPath } from '../schema/common.ts';

export function removeSegment(app: App, context: ServerContext): void {
  app.delete(
    '/projects/:project/segments/:segment',
    {
      config: { access: 'change' },
      schema: {
        summary: 'Removes a segment that nothing uses.',
        operationId: 'removeSegment',
        params: SegmentPath,
        headers: ChangeHeaders,
        body: OptionalChangeBody,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, segment } = request.params;
      const command = { type: 'removeSegment', segment } as const;
      const change = { project, command, subject: `segment:${segment}`, body: request.body };
      return execute(context, { request, reply }, change);
    },
  );
}
