import { Type } from 'typebox';
import { seenSegments } from '../../segment/seen-segments.ts';
import { viewSegment } from '../../segment/view-segment.ts';
import type { App } from '../app-types.ts';
import { requireGrant } from '../authenticate.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { ProjectPath } from '../schema/common.ts';
import { SegmentSchema } from '../schema/segment.ts';
import { findProject } from './find.ts';

export function listSegments(app: App, context: ServerContext): void {
  app.get(
    '/projects/:project/segments',
    {
      config: { access: 'view' },
      schema: {
        summary:
          'The segments of a project; for a token of one environment, those that its flags reach.',
        operationId: 'listSegments',
        params: ProjectPath,
        response: answers(Type.Object({ segments: Type.Array(SegmentSchema) })),
      },
    },
    async (request) => {
      const { project } = request.params;
      const { segments } = findProject(context, project);
      const { environment } = requireGrant(request);
      const isSeen = seenSegments(context, { project, environment });
      return { segments: [...segments.values()].filter(({ key }) => isSeen(key)).map(viewSegment) };
    },
  );
}
