import { Worker } from 'node:worker_threads';
import { runTask, type TaskResult } from './run-task.ts';
import type { Task } from './task.ts';

/**
 * Runs tasks on so many threads, and hands over each result with its place. With one job everything runs
 * on this thread. Results do not depend on the number of jobs.
 */
export async function runTasks(
  tasks: readonly Task[],
  { jobs, done }: { readonly jobs: number; readonly done: (at: number, of: TaskResult) => void },
): Promise<void> {
  if (jobs <= 1) {
    tasks.forEach((task, at) => done(at, runTask(task)));
    return;
  }
  const rest = tasks.map((task, at) => ({ task, at }));
  await Promise.all(
    Array.from({ length: Math.min(jobs, tasks.length) }, async () => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), {
        execArgv: ['--conditions=source'],
      });
      try {
        for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
          done(next.at, await answerOf(worker, next.task));
        }
      } finally {
        await worker.terminate();
      }
    }),
  );
}

function answerOf(worker: Worker, task: Task): Promise<TaskResult> {
  return new Promise((resolve, reject) => {
    const answer = (result: TaskResult) => {
      release();
      resolve(result);
    };
    const fail = (error: unknown) => {
      release();
      reject(error instanceof Error ? error : new Error(`a worker ended with ${String(error)}`));
    };
    const release = () => worker.off('message', answer).off('error', fail).off('exit', fail);
    worker.on('message', answer).on('error', fail).on('exit', fail);
    worker.postMessage(task);
  });
}
