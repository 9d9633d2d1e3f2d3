import { describe, expect, it } from 'vitest';
import { type ProcessEntry, watchAncestors } from '../../src/launch/ancestors.ts';

/** A person's shell (10) runs npx (20), which runs a shell (30), which runs the launcher (40) of this process (50). */
const table = (): Map<number, ProcessEntry> =>
  new Map([
    [1, { parentPid: 0, name: 'systemd' }],
    [10, { parentPid: 1, name: 'bash' }],
    [20, { parentPid: 10, name: 'npm exec downha' }],
    [30, { parentPid: 20, name: 'sh' }],
    [40, { parentPid: 30, name: 'node' }],
    [50, { parentPid: 40, name: 'node' }],
  ]);

/** The process ends: its children get another parent. */
function end(processes: Map<number, ProcessEntry>, pid: number): void {
  processes.delete(pid);
  for (const [child, entry] of processes) {
    if (entry.parentPid === pid) processes.set(child, { ...entry, parentPid: 1 });
  }
}

describe('the processes between a command and the package manager that started it', () => {
  it.each([
    ['npx', 20, true],
    ['its shell', 30, true],
    ['the launcher', 40, true],
    ['the shell of the person, which npx outlives', 10, false],
  ])('when it ends, %s', (_, pid, expected) => {
    const processes = table();
    const isGone = watchAncestors({ pids: [50, 40, 30], entryOf: (each) => processes.get(each) });
    expect(isGone()).toBe(false);
    end(processes, pid);
    expect(isGone()).toBe(expected);
  });

  it('one that has ended before it was looked for is gone', () => {
    const processes = table();
    end(processes, 30);
    expect(watchAncestors({ pids: [50, 40, 30], entryOf: (each) => processes.get(each) })()).toBe(
      true,
    );
  });

  it('a command that a script has left in the background was nobody’s from its beginning, and goes on', () => {
    const processes = table();
    end(processes, 30);
    const isGone = watchAncestors({ pids: [50, 40, 1], entryOf: (each) => processes.get(each) });
    end(processes, 20);
    expect(isGone()).toBe(false);
  });

  it('where npm’s shell has replaced itself by the command, npm itself is the parent', () => {
    const processes = table();
    processes.delete(30);
    processes.set(40, { parentPid: 20, name: 'node' });
    const isGone = watchAncestors({ pids: [40, 20], entryOf: (each) => processes.get(each) });
    expect(isGone()).toBe(false);
    end(processes, 20);
    expect(isGone()).toBe(true);
  });
});
