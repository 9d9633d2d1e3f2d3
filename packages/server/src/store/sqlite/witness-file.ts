import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import type { Witness } from '../witness.ts';

/** At most so often a witness is written: an append does not wait for it. */
const INTERVAL_MS = 100;

function witnessFile(file: string): string {
  return `${file}.witness`;
}

/** `unreadable`: there is one, so there was a store, but a power cut or somebody's hand spoilt it. */
export function readWitness(file: string): Witness | 'absent' | 'unreadable' {
  const path = witnessFile(file);
  if (!existsSync(path)) return 'absent';
  try {
    const read = JSON.parse(readFileSync(path, 'utf8')) as Partial<Witness> | null;
    return isWitness(read) ? read : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

function isWitness(read: Partial<Witness> | null): read is Witness {
  return (
    Number.isSafeInteger(read?.position) &&
    Number.isSafeInteger(read?.sequence) &&
    typeof read?.hash === 'string'
  );
}

/** Writes it whole or not at all, on the disk when it returns. */
export function writeWitness(file: string, witness: Witness): void {
  const unfinished = `${witnessFile(file)}.unfinished`;
  const descriptor = openSync(unfinished, 'w', 0o600);
  try {
    writeSync(descriptor, textOf(witness));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(unfinished, witnessFile(file));
}

interface WitnessWriter {
  /** Something became durable: it is written down soon. */
  readonly note: () => void;
  /** Writes the last state of things and ends. */
  close(): Promise<void>;
}

/**
 * Keeps the witness of a running store. A disk that does not take it delays nothing: what is written stays true, for
 * it only says what was there at least.
 */
export function createWitnessWriter(file: string, now: () => Witness): WitnessWriter {
  const unfinished = `${witnessFile(file)}.unfinished`;
  let timer: NodeJS.Timeout | undefined;
  /** One after the other: two at once would write into the same unfinished file. */
  let turn: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    await writeFile(unfinished, textOf(now()), { mode: 0o600 });
    await rename(unfinished, witnessFile(file));
  };
  return {
    note: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        turn = turn.then(write).catch(() => undefined);
      }, INTERVAL_MS).unref();
    },
    close: async () => {
      clearTimeout(timer);
      await turn;
      try {
        writeWitness(file, now());
      } catch {
        // What stands there is older, and true.
      }
    },
  };
}

function textOf(witness: Witness): string {
  return `${JSON.stringify(witness)}\n`;
}
