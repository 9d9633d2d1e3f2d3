import type { BackupReport } from '../contract.ts';
import { runInWorker } from './run-in-worker.ts';

/**
 * Copies a store into one file while a server may be writing to it, pages included. The copy is
 * verified before it gets its name.
 */
export function backupSqliteStore(file: string, to: string): Promise<BackupReport> {
  return runInWorker({ kind: 'copy', file, to });
}
