import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { Document, EnvironmentPath } from '../schema/common.ts';
import { sendSnapshot } from '../send-snapshot.ts';
import { findEnvironment } from './find.ts';

export function getSnapshot(app: App, context: ServerContext): void {
  app.get(
    '/projects/:project/environments/:environment/snapshot',
    {
      config: { access: 'view' },
      schema: {
        summary: 'Exports the present snapshot of an environment.',
        operationId: 'getSnapshot',
        params: EnvironmentPath,
        response: answers(Document('A snapshot.')),
      },
    },
    async (request, reply) => {
      findEnvironment(context, request.params);
      return sendSnapshot(request, reply, context.snapshots.feedOf(request.params));
    },
  );
}
