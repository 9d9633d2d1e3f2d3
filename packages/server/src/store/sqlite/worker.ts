import { parentPort, workerData } from 'node:worker_threads';
import { copyDatabase } from './copy-database.ts';
import { verifyChain } from './verify-chain.ts';
import type { HeavyTask } from './run-in-worker.ts';

const task = workerData as HeavyTask;
parentPort?.postMessage(
  task.kind === 'verify' ? verifyChain(task.file) : copyDatabase(task.file, task.to),
);
