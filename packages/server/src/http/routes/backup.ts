import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';

const Report = Type.Object({
  path: Type.String({ description: 'On the server.' }),
  position: Type.Integer(),
  hash: Type.String(),
  bytes: Type.Integer(),
});

export function backup(app: App, { store, options }: ServerContext): void {
  app.post(
    '/backup',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Writes a verified copy of everything into the backup directory of the server.',
        operationId: 'backup',
        response: answers(Report),
      },
    },
    async () => {
      const directory = options.backupDirectory ?? join(options.dataDirectory, 'backups');
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const at = new Date(store.nowMs()).toISOString().replaceAll(/[:.]/g, '-');
      return store.backup(join(directory, `downhaul-${at}.db`));
    },
  );
}
