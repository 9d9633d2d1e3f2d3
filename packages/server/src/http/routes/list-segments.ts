import { Type } from 'typebox';
import type { App } from '../app-types.ts';
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
        summary: 'The segments of a project.',
        operationId: 'listSegments',
        params: ProjectPath,
        response: answers(Type.Object({ segments: Type.Array(SegmentSchema) })),
      },
    },
    async (request) => {
      const { segments } = findProject(context, request.params.project);
      return { segments: [...segments.values()] };
    },
  );
}
