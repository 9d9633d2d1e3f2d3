import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXIT } from '../../exit-code.ts';
import { loadServer, withServerErrors } from '../../serve/load-server.ts';
import type { CommandModule } from '../types.ts';

interface ChainReport {
  readonly intact: boolean;
  /** The last position, or the first that is broken. */
  readonly position: number;
  readonly hash?: string;
  readonly reason?: string;
}

const LONG = { timeoutMs: 600_000 };

export const auditVerify: CommandModule = {
  words: ['audit', 'verify'],
  summary: 'Recompute the hash chain of the log',
  description:
    'Recomputes the whole hash chain: on the server, or with --file here, on the file of a stopped or running server or on a backup, without trusting any server. Exit code 7 when it is broken.',
  options: [{ syntax: '--file <file>', description: 'a store or a backup on this machine' }],
  examples: ['downhaul audit verify', 'downhaul audit verify --file .downhaul/downhaul.db'],
  run: async ({ io, api, printer }, input) => {
    const file = input.text('file');
    const report: ChainReport =
      file === undefined
        ? await api().ask((client, how) => client.GET('/api/v1/log/verify', how), LONG)
        : await verifyFile(resolve(io.directory, file));
    const { style } = printer;
    printer.result(report, () =>
      report.intact
        ? [`${style.good('intact')} up to position ${report.position}`, `hash ${report.hash ?? ''}`]
        : [
            `${style.bad('broken')} at position ${report.position}: ${report.reason ?? 'no reason given'}`,
          ],
    );
    return report.intact ? EXIT.ok : EXIT.checkFailed;
  },
};

async function verifyFile(file: string): Promise<ChainReport> {
  const { verifyChain } = await loadServer();
  return withServerErrors(async () => {
    await access(file, constants.R_OK);
    return verifyChain(file);
  });
}
