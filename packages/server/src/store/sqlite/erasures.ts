import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/**
 * Which pages were erased, kept beside the store and outside of its backups: a restore erases them
 * again. One page id per line.
 */
export function rememberErasures(file: string, pageIds: readonly string[]): void {
  const descriptor = openSync(erasuresFile(file), 'a', 0o600);
  try {
    writeSync(descriptor, pageIds.map((id) => `${id}\n`).join(''));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function readErasures(file: string): readonly string[] {
  const path = erasuresFile(file);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8').split('\n').filter(Boolean);
}

function erasuresFile(file: string): string {
  return `${file}.erasures`;
}
