import type { Snapshot } from '@downhaul/engine';
import type { Diagnostics } from '../client/diagnostics.ts';
import type { ResolvedOptions } from '../client/options.ts';
import { atMost } from '../timing/timer.ts';
import { DiskCopy, type LocalCopy, readLocalCopy } from './disk.ts';
import type { SnapshotIntake } from './intake.ts';

/** A file system that hangs delays the first request to the server by no more than this. */
const READ_LIMIT_MS = 1_000;

interface LocalCopiesSettings {
  readonly options: ResolvedOptions;
  readonly intake: SnapshotIntake;
  readonly diagnostics: Diagnostics;
}

/** What a client has before its server answers: its own last known good, else the bootstrap file. */
export class LocalCopies {
  readonly #settings: LocalCopiesSettings;
  readonly #disk: DiskCopy | undefined;
  #writtenAtMs: number | undefined;

  constructor(settings: LocalCopiesSettings) {
    this.#settings = settings;
    const { cacheDirectory, server, project, environment } = settings.options;
    const identity = [server?.url.href, server?.token, project, environment];
    this.#disk =
      cacheDirectory === undefined
        ? undefined
        : new DiskCopy({
            directory: cacheDirectory,
            identity: identity.map((part) => part ?? ''),
            diagnostics: settings.diagnostics,
            writeEveryMs: settings.options.limits.writeEveryMs,
          });
  }

  /** When the copy in use was written. */
  get writtenAtMs(): number | undefined {
    return this.#writtenAtMs;
  }

  /** Takes the better of both copies. Never rejects. */
  async read(): Promise<void> {
    await atMost(this.#read(), READ_LIMIT_MS);
  }

  write(snapshot: Snapshot): void {
    this.#disk?.write(snapshot);
  }

  /** Writes what is pending, in `limitMs` at most. Never rejects. */
  async close(limitMs: number): Promise<void> {
    if (this.#disk) await atMost(this.#disk.flush(), limitMs);
  }

  async #read(): Promise<void> {
    if (this.#disk && this.#take(await this.#disk.read(), 'disk')) return;
    const { options, diagnostics } = this.#settings;
    if (options.bootstrapFile === undefined) return;
    const copy = await readLocalCopy(options.bootstrapFile, diagnostics);
    if (!copy) diagnostics.warn(`there is no bootstrap file ${options.bootstrapFile}`);
    this.#take(copy, 'bootstrap');
  }

  #take(copy: LocalCopy | undefined, source: 'disk' | 'bootstrap'): boolean {
    const taken = copy !== undefined && this.#settings.intake.offerLocal(copy.content, source);
    if (taken) this.#writtenAtMs = copy.writtenAtMs;
    return taken;
  }
}
