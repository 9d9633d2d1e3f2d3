/** A thread that plays runs of a rehearsal: a task comes in, its outcomes go out, one after the other. */
import { parentPort } from 'node:worker_threads';
import { runTask, type RunTask } from '@downhaul/control';

parentPort?.on('message', ({ id, task }: { readonly id: number; readonly task: RunTask }) => {
  parentPort?.postMessage({ id, outcomes: runTask(task) });
});
