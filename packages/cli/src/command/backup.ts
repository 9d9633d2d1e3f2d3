import { access, constants } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io/types.ts';
import { loadServer, withServerErrors } from '../serve/load-server.ts';
import type { CommandInput } from './input.ts';
import type { CommandModule } from './types.ts';

interface BackupReport {
  readonly path: string;
  readonly position: number;
  readonly hash: string;
  readonly bytes: number;
}

const LONG = { timeoutMs: 600_000 };

export const backup: CommandModule = {
  words: ['backup'],
  summary: 'Write a verified copy of everything',
  description:
    'Asks the server to write a verified copy of everything into its backup directory while it goes on. With --data-directory and --output the copy is made here, of the files of a running or stopped server on this machine.',
  options: [
    { syntax: '--data-directory <directory>', description: 'of the server on this machine' },
    { syntax: '--output <file>', description: 'where to write the copy on this machine' },
  ],
  examples: [
    'downhaul backup',
    'downhaul backup --data-directory .downhaul --output ~/downhaul-backup.db',
  ],
  run: async ({ io, api, printer }, input) => {
    const report =
      (await backupHere(io, input)) ??
      (await api().change((client, how) => client.POST('/api/v1/backup', how), LONG));
    printer.result(report, () => [
      `${report.path}: ${report.bytes} bytes, verified up to position ${report.position}`,
    ]);
    return EXIT.ok;
  },
};

async function backupHere(io: Io, input: CommandInput): Promise<BackupReport | undefined> {
  const directory = input.text('dataDirectory');
  const output = input.text('output');
  if (directory === undefined && output === undefined) return undefined;
  if (directory === undefined || output === undefined)
    throw new CommandError({
      exitCode: EXIT.usage,
      code: 'cli_option',
      message: '--data-directory and --output go together',
    });
  const { backupSqliteStore, STORE_FILE } = await loadServer();
  const from = join(resolve(io.directory, directory), STORE_FILE);
  return withServerErrors(async () => {
    await access(from, constants.R_OK);
    return backupSqliteStore(from, resolve(io.directory, output));
  });
}
