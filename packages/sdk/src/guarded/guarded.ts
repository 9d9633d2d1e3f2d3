import type { EvaluationContext } from '@openfeature/server-sdk';
import type { Decided, Flags } from '../client/flags.ts';
import type { OutcomeRecorder } from '../scope/outcome-recorder.ts';
import type { Scopes } from '../scope/scopes.ts';
import type { Breakers } from './breakers.ts';
import { withTimeout } from './with-timeout.ts';

export interface GuardedOptions<T> {
  /** The new way; `signal` is aborted when its time is over. */
  readonly treatment: (call: { readonly signal: AbortSignal }) => T | Promise<T>;
  readonly control: () => T | Promise<T>;
  /** How long the treatment may take; default: as long as it likes. */
  readonly timeoutMs?: number;
  /** Whether control may be run after the treatment failed half-way; default false. */
  readonly repeatable?: boolean;
  readonly context?: EvaluationContext;
}

interface GuardedSettings {
  readonly flags: Flags;
  readonly scopes: Scopes;
  readonly recorder: OutcomeRecorder;
  readonly breakers: Breakers;
}

/** Runs the way that a flag decides for, and counts its failure for this flag alone. */
export class Guarded {
  readonly #settings: GuardedSettings;

  constructor(settings: GuardedSettings) {
    this.#settings = settings;
  }

  /**
   * Resolves with what the way gives. A treatment that throws or takes too long is followed by control
   * where that is `repeatable`; else, and when control throws, the caller gets the error. A failed
   * control counts as well, or the arms could not be compared.
   */
  async run<T>(flagKey: string, options: GuardedOptions<T>): Promise<T> {
    const decided = this.#settings.flags.decide(flagKey, options.context);
    // A failure is of the unit that was decided for, so its context is not read anew.
    const context = options.context === undefined ? undefined : decided.context;
    const version = this.#treatmentVersion(flagKey, decided);
    if (version === undefined) return this.#control(flagKey, options.control, context);
    const { breakers } = this.#settings;
    try {
      const result = await withTimeout(options.treatment, options.timeoutMs);
      breakers.record({ flag: flagKey, version }, false);
      return result;
    } catch (error) {
      breakers.record({ flag: flagKey, version }, true);
      this.#countFailure(flagKey, context);
      if (options.repeatable !== true) throw error;
    }
    return await options.control();
  }

  async #control<T>(
    flagKey: string,
    control: GuardedOptions<T>['control'],
    context: EvaluationContext | undefined,
  ): Promise<T> {
    try {
      return await control();
    } catch (error) {
      this.#countFailure(flagKey, context);
      throw error;
    }
  }

  /** Version of the flag if the treatment is to be run. */
  #treatmentVersion(flagKey: string, { evaluation, held }: Decided): number | undefined {
    const { value, variant } = evaluation;
    if (!held || value === undefined || variant === undefined) return undefined;
    const flag = held.snapshot.flags[flagKey];
    if (!flag || this.#settings.breakers.isOpen({ flag: flagKey, version: flag.version })) {
      return undefined;
    }
    const plain = flag.type === 'boolean' ? value === true : variant !== flag.safe;
    const isTreatment = flag.rollout ? variant === flag.rollout.to : plain;
    return isTreatment ? flag.version : undefined;
  }

  #countFailure(flagKey: string, context: EvaluationContext | undefined): void {
    const { recorder, scopes } = this.#settings;
    recorder.failureOf(flagKey, scopes.current, context);
  }
}
