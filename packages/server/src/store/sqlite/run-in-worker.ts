import { Worker } from 'node:worker_threads';
import type { BackupReport, ChainReport } from '../contract.ts';

/** Reads of the whole file, done on a connection of their own beside the event loop. */
export type HeavyTask =
  | { readonly kind: 'verify'; readonly file: string }
  | { readonly kind: 'copy'; readonly file: string; readonly to: string };

interface HeavyResult {
  readonly verify: ChainReport;
  readonly copy: BackupReport;
}

/** Source runs as TypeScript, a published build as JavaScript. */
const workerFile = import.meta.url.endsWith('.ts')
  ? new URL('./worker.ts', import.meta.url)
  : new URL('./worker.js', import.meta.url);

export function runInWorker<T extends HeavyTask>(task: T): Promise<HeavyResult[T['kind']]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, { workerData: task });
    worker.once('message', (result: HeavyResult[T['kind']]) => resolve(result));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the worker ended with code ${code}`)));
  });
}
