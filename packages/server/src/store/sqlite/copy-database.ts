import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreUnusableError } from '../errors.ts';
import type { BackupReport } from '../contract.ts';
import { verifyChain } from './verify-chain.ts';

/**
 * Writes a consistent copy of a database in use: one read transaction, so writing goes on beside it.
 * The copy gets its name only when it is complete, verified and on the disk.
 *
 * @throws StoreUnusableError when the copy's chain is broken (then the original's is too).
 */
export function copyDatabase(from: string, to: string): BackupReport {
  const unfinished = `${to}.unfinished`;
  rmSync(unfinished, { force: true });
  closeSync(openSync(unfinished, 'wx', 0o600));
  const source = new DatabaseSync(from, { readOnly: true });
  try {
    source.exec('PRAGMA busy_timeout = 5000');
    source.prepare('VACUUM INTO ?').run(unfinished);
  } finally {
    source.close();
  }
  const chain = verifyChain(unfinished);
  if (!chain.intact) {
    rmSync(unfinished, { force: true });
    throw new StoreUnusableError(`the chain is broken at ${chain.position}: ${chain.reason}`);
  }
  settle(unfinished, to);
  return { path: to, position: chain.position, hash: chain.hash, bytes: statSync(to).size };
}

/** Puts a finished file in its place so that it survives a power cut. */
export function settle(unfinished: string, to: string): void {
  syncFile(unfinished);
  renameSync(unfinished, to);
  syncFile(dirname(to));
}

function syncFile(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
