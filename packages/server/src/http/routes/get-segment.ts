import { refusal } from '../../error/refusal.ts';
import { seenSegments } from '../../segment/seen-segments.ts';
import { viewSegment } from '../../segment/view-segment.ts';
import type { App } from '../app-types.ts';
import { requireGrant } from '../authenticate.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { SegmentPath } from '../schema/common.ts';
import { SegmentSchema } from '../schema/segment.ts';
import { findProject } from './find.ts';

export function getSegment(app: App, context: ServerContext): void {
  app.get(
    '/projects/:project/segments/:segment',
    {
      config: { access: 'view' },
      schema: {
        summary: 'A segment.',
        operationId: 'getSegment',
        params: SegmentPath,
        response: answers(SegmentSchema),
      },
    },
    async (request, reply) => {
      const { project, segment } = request.params;
      const found = findProject(context, project).segments.get(segment);
      if (!found) throw refusal('segment_not_found', { project, segment }, { path: '/segment' });
      const { environment } = requireGrant(request);
      if (!seenSegments(context, { project, environment })(segment)) {
        throw refusal('segment_not_reached', { segment, environment: environment ?? '' });
      }
      void reply.header('etag', `"${found.version}"`);
      return viewSegment(found);
    },
  );
}
