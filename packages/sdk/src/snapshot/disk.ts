import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Snapshot } from '@downhaul/engine';
import type { Diagnostics } from '../client/diagnostics.ts';
import { type Timer, backgroundTimer } from '../timing/timer.ts';

/** A file that was read, and when it was written. */
export interface LocalCopy {
  readonly content: unknown;
  readonly writtenAtMs: number;
}

interface DiskSettings {
  readonly directory: string;
  /** What the copy belongs to; several clients may share a directory. */
  readonly identity: readonly string[];
  readonly diagnostics: Diagnostics;
  /** At most so often a changed snapshot is written: a burst of changes costs one write. */
  readonly writeEveryMs: number;
}

/** A temporary file of that age belongs to a process that was killed while writing. */
const ABANDONED_AFTER_MS = 60 * 60_000;

/** The last known good on disk: written whole or not at all, readable by the owner only. */
export class DiskCopy {
  readonly #settings: DiskSettings;
  readonly #path: string;
  #hasSwept = false;
  #pending: Snapshot | undefined;
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(settings: DiskSettings) {
    this.#settings = settings;
    const digest = createHash('sha256').update(settings.identity.join('\n')).digest('hex');
    this.#path = join(settings.directory, `downhaul-${digest.slice(0, 16)}.json`);
  }

  get path(): string {
    return this.#path;
  }

  /** The copy of an earlier run; undefined if there is none or it cannot be read. Never rejects. */
  read(): Promise<LocalCopy | undefined> {
    return readLocalCopy(this.#path, this.#settings.diagnostics);
  }

  /** Takes the newest snapshot and writes it soon. */
  write(snapshot: Snapshot): void {
    this.#pending = snapshot;
    this.#timer ??= backgroundTimer(() => {
      void this.flush();
    }, this.#settings.writeEveryMs);
  }

  /** Writes what is pending now. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const snapshot = this.#pending;
    this.#pending = undefined;
    if (snapshot) this.#writing = this.#writing.then(() => this.#writeOut(snapshot));
    return this.#writing;
  }

  async #writeOut(snapshot: Snapshot): Promise<void> {
    const temporary = `${this.#path}.${randomUUID()}.tmp`;
    try {
      await mkdir(this.#settings.directory, { recursive: true, mode: 0o700 });
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(JSON.stringify(snapshot));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path);
      await this.#sweep();
    } catch (error) {
      this.#settings.diagnostics.warn('the last known good could not be written', error);
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  /** Removes, once, what killed processes left behind. */
  async #sweep(): Promise<void> {
    if (this.#hasSwept) return;
    this.#hasSwept = true;
    const { directory } = this.#settings;
    for (const name of await readdir(directory)) {
      const isOurs = name.startsWith(`${basename(this.#path)}.`) && name.endsWith('.tmp');
      if (isOurs) await removeIfAbandoned(join(directory, name));
    }
  }
}

async function removeIfAbandoned(path: string): Promise<void> {
  const { mtimeMs } = await stat(path);
  if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(path, { force: true });
}

/** Reads a snapshot file. A missing one is nothing to speak of, a broken one is logged. */
export async function readLocalCopy(
  path: string,
  diagnostics: Diagnostics,
): Promise<LocalCopy | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { content: JSON.parse(text) as unknown, writtenAtMs: mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      diagnostics.warn(`${path} was ignored`, error);
    }
    return undefined;
  }
}
