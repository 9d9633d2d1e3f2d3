import {
  type Progress,
  rehearse,
  type RehearsalReport,
  type RehearsalRequest,
} from '@downhaul/control';
import { RehearsalThreads } from './threads.ts';

interface Playing {
  readonly threads: number;
  /** Cancels: the threads end, and the rehearsal fails with the signal's reason. */
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

/** Plays a rehearsal on threads of its own, so that whoever asks stays free for other work. */
export async function playRehearsal(
  request: RehearsalRequest,
  { threads, signal, progress }: Playing,
): Promise<RehearsalReport> {
  const pool = new RehearsalThreads(threads);
  const cancel = () => void pool.end(reasonOf(signal));
  signal.addEventListener('abort', cancel, { once: true });
  try {
    signal.throwIfAborted();
    return await rehearse(request, { play: (task) => pool.play(task), progress });
  } finally {
    signal.removeEventListener('abort', cancel);
    await pool.end(new Error('the rehearsal is over'));
  }
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('the rehearsal was cancelled');
}
