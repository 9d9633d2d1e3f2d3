import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { putDocument } from '../put.ts';
import { changes } from '../responses.ts';
import { AtOnce, ChangeHeaders, Document, DryRun, FlagPath } from '../schema/common.ts';

export function putFlag(app: App, context: ServerContext): void {
  app.put(
    '/projects/:project/flags/:flag',
    {
      config: { access: 'change' },
      schema: {
        summary:
          'Creates or changes a flag by its document. An unchanged document changes nothing.',
        operationId: 'putFlag',
        params: FlagPath,
        headers: ChangeHeaders,
        querystring: Type.Object({ atOnce: AtOnce, dryRun: DryRun }),
        body: Document('A flag document.'),
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, flag: key } = request.params;
      const put = { project, kind: 'flag', key, ...request.query } as const;
      return putDocument(context, { request, reply }, put);
    },
  );
}
