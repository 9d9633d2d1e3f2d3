import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import { loadServer, withServerErrors } from '../serve/load-server.ts';
import type { CommandModule } from './types.ts';

export const restore: CommandModule = {
  words: ['restore'],
  summary: 'Put a backup in the place of the store of a stopped server',
  description:
    'Puts a backup in the place of the store of a stopped server on this machine. The backup is verified first, and what was erased since it was made is erased again.',
  arguments: [{ syntax: '<backup>', description: 'the file that `backup` wrote' }],
  options: [
    {
      syntax: '--data-directory <directory>',
      description: 'of the server (DOWNHAUL_DATA_DIRECTORY, default .downhaul)',
    },
    { syntax: '--replace', description: 'there is a store already: replace it' },
  ],
  examples: ['downhaul restore downhaul-backup.db --data-directory .downhaul --replace'],
  run: async ({ io, printer }, input) => {
    const named = input.text('dataDirectory') ?? (io.env['DOWNHAUL_DATA_DIRECTORY'] || '.downhaul');
    const directory = resolve(io.directory, named);
    const { restoreSqliteStore, STORE_FILE } = await loadServer();
    const backup = resolve(io.directory, input.argument(0));
    const store = join(directory, STORE_FILE);
    const replace = input.enabled('replace');
    if (!replace && existsSync(store)) throw storeExists(store);
    const report = await withServerErrors(() => {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      return restoreSqliteStore(backup, store, { replace });
    });
    printer.result(report, () => [
      `${report.path} is restored up to position ${report.position}`,
      ...(report.erasedPages > 0 ? [`${report.erasedPages} erased pages were erased again`] : []),
    ]);
    return EXIT.ok;
  },
};

function storeExists(store: string): CommandError {
  return new CommandError({
    exitCode: EXIT.refused,
    code: 'cli_store_exists',
    message: `there is a store already: ${store}`,
    hints: ['to replace it, and lose what it holds, add --replace'],
  });
}
