import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandError } from '../../error.ts';
import { EXIT } from '../../exit-code.ts';
import type { CommandModule } from '../types.ts';

interface Snapshot {
  readonly version: number;
  readonly hash: string;
}

export const snapshotExport: CommandModule = {
  words: ['snapshot', 'export'],
  summary: 'Print the snapshot that an environment evaluates, as JSON',
  options: [{ syntax: '-o, --output <file>', description: 'write it to a file (mode 0600)' }],
  examples: ['downhaul snapshot export -e staging -o staging.json'],
  run: async ({ io, api, printer, project, environment }, input) => {
    const snapshot = await api().ask((client, how) =>
      client.GET('/api/v1/projects/{project}/environments/{environment}/snapshot', {
        params: { path: { project, environment } },
        ...how,
      }),
    );
    const text = `${JSON.stringify(snapshot, undefined, 2)}\n`;
    const output = input.text('output');
    if (output === undefined) {
      io.stdout.write(text);
      return EXIT.ok;
    }
    // It holds the salt of unit hashes and the rules: not for everybody on this machine.
    await writeFile(resolve(io.directory, output), text, { mode: 0o600 }).catch(
      (error: unknown) => {
        const message = `cannot write ${output}: ${error instanceof Error ? error.message : String(error)}`;
        throw new CommandError({ exitCode: EXIT.usage, code: 'cli_file_unwritable', message });
      },
    );
    const { version, hash } = snapshot as unknown as Snapshot;
    printer.result({ file: output, version, hash }, () => [
      `version ${version} of ${environment} is written to ${output}`,
    ]);
    return EXIT.ok;
  },
};
