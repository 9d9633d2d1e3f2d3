/** A process as its system knows it. */
export interface ProcessEntry {
  readonly parentPid: number;
  /** Name of its program. */
  readonly name: string;
}

interface Link {
  readonly pid: number;
  readonly parentPid: number;
}

interface AncestorsInput {
  /** This process, then the parent of each as it was when that one began. */
  readonly pids: readonly number[];
  readonly entryOf: (pid: number) => ProcessEntry | undefined;
}

const SHELL = /^-?(?:sh|ash|bash|dash|ksh|zsh|busybox)$/;

/**
 * Watches the processes between this one and the package manager that started it: npm runs a command through a shell,
 * which a signal ends without a word to the command. Returns a check that is true once one of them is gone, by its
 * child having got another parent.
 */
export function watchAncestors({ pids, entryOf }: AncestorsInput): () => boolean {
  const links: Link[] = [];
  pids.slice(1).forEach((parentPid, index) => links.push({ pid: pids[index] ?? 0, parentPid }));
  for (let top = pids.at(-1) ?? 0; top > 1;) {
    const entry = entryOf(top);
    if (entry === undefined || !SHELL.test(entry.name)) break;
    links.push({ pid: top, parentPid: entry.parentPid });
    top = entry.parentPid;
  }
  return () => links.some(({ pid, parentPid }) => entryOf(pid)?.parentPid !== parentPid);
}
