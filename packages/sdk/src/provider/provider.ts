import { isProxy } from 'node:util/types';
import type { FlagType } from '@downhaul/engine';
import {
  type ErrorCode,
  type EvaluationContext,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  type ResolutionDetails,
  type TrackingEventDetails,
} from '@openfeature/server-sdk';
import type { Lifecycle } from '../client/lifecycle.ts';
import type { DownhaulState } from '../client/types.ts';
import { type Decided, type Flags, copyOf, metadataFor } from '../client/flags.ts';
import type { SnapshotHolder } from '../snapshot/holder.ts';

interface ProviderSettings {
  readonly flags: Flags;
  readonly lifecycle: Lifecycle;
  readonly holder: SnapshotHolder;
  /** Leaves to the scope what OpenFeature's contexts may not say in its place. */
  readonly aboveScope: (merged: EvaluationContext) => EvaluationContext;
  readonly track: (name: string, context: EvaluationContext, value: number | undefined) => void;
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The client as an OpenFeature provider. None of its methods throws, and none but `initialize` rejects. */
export class DownhaulProvider implements Provider {
  readonly metadata = { name: 'downhaul' } as const;
  readonly runsOn = 'server' as const;
  readonly events = new OpenFeatureEventEmitter();
  readonly #settings: ProviderSettings;
  #initialized = false;

  constructor(settings: ProviderSettings) {
    this.#settings = settings;
    settings.lifecycle.onState((state, message) => {
      if (state === 'closed') this.#announceClosed();
      else this.#announce(state, message);
    });
    settings.holder.onAdoption(({ flagsChanged }) => {
      if (!this.#initialized) return;
      this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...flagsChanged] });
    });
  }

  /**
   * Waits for the first snapshot, for the start time-out at most. It does not reject without one: a
   * server that is down must not keep its clients' services from starting. ERROR is announced instead. A
   * provider that was closed starts anew. Rejects with `DownhaulClosedError` if it is closed meanwhile, since
   * OpenFeature calls READY what resolves.
   */
  async initialize(): Promise<void> {
    await this.#settings.open();
    // OpenFeature announces READY when this promise resolves; anything else has to follow it.
    setImmediate(() => {
      const { state } = this.#settings.lifecycle;
      if (state === 'closing' || state === 'closed') return;
      this.#initialized = true;
      if (state !== 'ready') this.#announce(state);
    });
  }

  async onClose(): Promise<void> {
    await this.#settings.close();
  }

  resolveBooleanEvaluation(
    flagKey: string,
    defaultValue: boolean,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> {
    return this.#resolve({ flagKey, defaultValue, context, type: 'boolean' });
  }

  resolveStringEvaluation(
    flagKey: string,
    defaultValue: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    return this.#resolve({ flagKey, defaultValue, context, type: 'string' });
  }

  resolveNumberEvaluation(
    flagKey: string,
    defaultValue: number,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<number>> {
    return this.#resolve({ flagKey, defaultValue, context, type: 'number' });
  }

  resolveObjectEvaluation<T extends JsonValue>(
    flagKey: string,
    defaultValue: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    return this.#resolve({ flagKey, defaultValue, context, type: 'object' });
  }

  track(name: string, context: EvaluationContext, details?: TrackingEventDetails): void {
    this.#settings.track(name, context, details?.value);
  }

  #resolve<T>({ flagKey, defaultValue, context, type }: Resolve<T>): Promise<ResolutionDetails<T>> {
    const { flags, aboveScope } = this.#settings;
    const given = isEmpty(context) ? undefined : aboveScope(context);
    const decided = flags.typed(flagKey, type, given);
    return Promise.resolve(resolutionOf(flagKey, defaultValue, decided));
  }

  /** OpenFeature may keep a provider that it has closed, and would go on to call it READY. */
  #announceClosed(): void {
    this.#initialized = false;
    // Behind whatever OpenFeature announces in this turn.
    setImmediate(() => {
      if (this.#settings.lifecycle.state !== 'closed') return;
      this.events.emit(ProviderEvents.Error, { message: 'the client is closed' });
    });
  }

  #announce(state: DownhaulState, message?: string): void {
    if (!this.#initialized) return;
    const details = message === undefined ? {} : { message };
    if (state === 'ready') this.events.emit(ProviderEvents.Ready, details);
    if (state === 'stale') this.events.emit(ProviderEvents.Stale, details);
    if (state === 'error') this.events.emit(ProviderEvents.Error, details);
  }
}

interface Resolve<T> {
  readonly flagKey: string;
  readonly defaultValue: T;
  readonly context: EvaluationContext;
  readonly type: FlagType;
}

function resolutionOf<T>(flagKey: string, defaultValue: T, decided: Decided): ResolutionDetails<T> {
  const { value, variant, reason, errorCode, errorMessage } = decided.evaluation;
  const details: ResolutionDetails<T> = {
    value: value === undefined ? defaultValue : (copyOf(value) as T),
    reason,
    flagMetadata: metadataFor(flagKey, decided),
  };
  if (variant !== undefined) details.variant = variant;
  const code = decided.held ? errorCode : 'PROVIDER_NOT_READY';
  if (code !== undefined) details.errorCode = code as ErrorCode;
  if (errorMessage !== undefined) details.errorMessage = errorMessage;
  return details;
}

/** OpenFeature gives a context always; an instance of a class has members that no loop finds. */
function isEmpty(context: EvaluationContext): boolean {
  for (const _ in context) return false;
  return Object.getPrototypeOf(context) === Object.prototype && !isProxy(context);
}
