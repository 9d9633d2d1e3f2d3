import type { Exposure } from '@downhaul/engine';
import type { Diagnostics } from '../client/diagnostics.ts';
import type { SnapshotHolder } from '../snapshot/holder.ts';
import type { Clock } from '../timing/clock.ts';
import { FailureWindow } from './failure-window.ts';

interface BreakersSettings {
  readonly holder: SnapshotHolder;
  readonly diagnostics: Diagnostics;
  readonly clock: Clock;
}

interface Breaker {
  /** Of the flag; another version of it is another chance. */
  readonly version: number;
  readonly window: FailureWindow;
  isOpen: boolean;
}

/** Per flag, whether this instance has seen its treatment fail too often to go on with it. */
export class Breakers {
  readonly #settings: BreakersSettings;
  readonly #byFlag = new Map<string, Breaker>();
  #openCount = 0;

  constructor(settings: BreakersSettings) {
    this.#settings = settings;
    settings.holder.onAdoption(({ held }) => this.#forgetOthers(held.snapshot.flags));
  }

  /** True while units of the treatment arm of this version of the flag are served control here. */
  isOpen({ flag, version }: Pick<Exposure, 'flag' | 'version'>): boolean {
    if (this.#openCount === 0) return false;
    const breaker = this.#byFlag.get(flag);
    return breaker?.isOpen === true && breaker.version === version;
  }

  /** Takes how a treatment ended. */
  record({ flag, version }: Pick<Exposure, 'flag' | 'version'>, failed: boolean): void {
    const breaker = this.#of(flag, version);
    if (breaker.isOpen) return;
    breaker.window.add(failed, this.#settings.clock.monotonicMs());
    if (!breaker.window.isTooBad) return;
    breaker.isOpen = true;
    this.#openCount += 1;
    this.#settings.diagnostics.warn(`the treatment of ${flag} keeps failing here: serving control`);
    this.#settings.diagnostics.emit({ type: 'breakerOpened', flag });
  }

  #of(flag: string, version: number): Breaker {
    const known = this.#byFlag.get(flag);
    if (known?.version === version) return known;
    if (known?.isOpen) this.#openCount -= 1;
    const breaker = { version, window: new FailureWindow(), isOpen: false };
    this.#byFlag.set(flag, breaker);
    return breaker;
  }

  #forgetOthers(flags: Readonly<Record<string, { readonly version: number }>>): void {
    for (const [flag, breaker] of this.#byFlag) {
      if (Object.hasOwn(flags, flag) && flags[flag]?.version === breaker.version) continue;
      if (breaker.isOpen) this.#openCount -= 1;
      this.#byFlag.delete(flag);
    }
  }
}
