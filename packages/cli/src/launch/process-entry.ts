import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ProcessEntry } from './ancestors.ts';

/** What the system knows of a process; undefined where there is none, and on Windows. */
export function processEntry(pid: number): ProcessEntry | undefined {
  if (process.platform === 'win32') return undefined;
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** `PID (NAME) STATE PARENT …`, proc(5). A name may contain anything, brackets too. */
function fromProc(pid: number): ProcessEntry | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const match = /^\d+ \((.*)\) \S (\d+) /s.exec(text ?? '');
  return match ? { name: match[1] ?? '', parentPid: Number(match[2]) } : undefined;
}

function fromPs(pid: number): ProcessEntry | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], {
    encoding: 'utf8',
  });
  const match = /^\s*(\d+)\s+(.+)$/m.exec(stdout ?? '');
  return match ? { parentPid: Number(match[1]), name: basename(match[2] ?? '') } : undefined;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
