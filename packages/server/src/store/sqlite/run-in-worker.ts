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
const isSource = import.meta.url.endsWith('.ts');
const workerFile = new URL(isSource ? './worker.ts' : './worker.js', import.meta.url);

/** Runs a task; an abort ends the worker before the promise rejects. */
export function runInWorker<T extends HeavyTask>(
  task: T,
  signal?: AbortSignal,
): Promise<HeavyResult[T['kind']]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, {
      workerData: task,
      ...(isSource ? { execArgv: ['--conditions=source'] } : {}),
    });
    signal?.addEventListener('abort', () => void worker.terminate(), { once: true });
    let result: HeavyResult[T['kind']] | undefined;
    let failure: unknown;
    worker.once('message', (message: HeavyResult[T['kind']]) => (result = message));
    worker.once('error', (error: unknown) => (failure = error));
    // Only then its connection to the file is closed.
    worker.once('exit', (code) => {
      if (result !== undefined) resolve(result);
      else reject(asError(failure) ?? new Error(`the worker ended with code ${code}`));
    });
  });
}

function asError(failure: unknown): Error | undefined {
  if (failure === undefined || failure instanceof Error) return failure;
  return new Error('the worker failed', { cause: failure });
}
