import {
  type Evaluation,
  type Exposure,
  type FlagType,
  type JsonValue,
  checkType,
} from '@downhaul/engine';
import type { EvaluationContext } from '@openfeature/server-sdk';
import type { RequestScope } from '../scope/request-scope.ts';
import type { Scopes } from '../scope/scopes.ts';
import { type Held, metadataOf } from '../snapshot/held.ts';
import type { TelemetryCollector } from '../telemetry/collector.ts';
import type { FlagMetadata } from './types.ts';

/** Why a unit of the treatment arm is served control by this instance; undefined: it is not. */
type Curtailment = (exposure: Exposure) => 'STALE' | 'DISABLED' | undefined;

interface FlagsSettings {
  readonly scopes: Scopes;
  readonly collector: TelemetryCollector;
  readonly curtailment: Curtailment;
  readonly isClosed: () => boolean;
}

/** An evaluation, the snapshot it was made with and the context as it was read. */
export interface Decided {
  readonly evaluation: Evaluation;
  readonly held: Held | undefined;
  readonly context?: EvaluationContext;
}

const NO_METADATA: FlagMetadata = Object.freeze({});

const NOT_READY: Evaluation = Object.freeze({
  value: undefined,
  reason: 'ERROR',
  errorMessage: 'there is no snapshot yet',
});
const CLOSED: Evaluation = Object.freeze({
  value: undefined,
  reason: 'ERROR',
  errorMessage: 'the client is closed',
});
const BROKEN: Evaluation = Object.freeze({
  value: undefined,
  reason: 'ERROR',
  errorCode: 'GENERAL',
  errorMessage: 'the evaluation failed',
});

/** Evaluates flags in the caller's scope, and reports what was used. Nothing in it throws. */
export class Flags {
  readonly #settings: FlagsSettings;

  constructor(settings: FlagsSettings) {
    this.#settings = settings;
  }

  /** The value of a flag for a context on top of the scope's; the default if it is of another type. */
  value(
    flagKey: string,
    type: FlagType,
    context: EvaluationContext | undefined,
  ): JsonValue | undefined {
    const { value } = this.decide(flagKey, context).evaluation;
    if (value === undefined) return undefined;
    if (type === 'object') return typeof value === 'object' ? copyOf(value) : undefined;
    return typeof value === type ? value : undefined;
  }

  /** As `value`, with everything that is known about the decision. */
  typed(flagKey: string, type: FlagType, context: EvaluationContext | undefined): Decided {
    const { evaluation, held } = this.decide(flagKey, context);
    return { evaluation: checkType(evaluation, type), held };
  }

  /** Evaluates a flag and counts it as used. */
  decide(flagKey: string, context: EvaluationContext | undefined): Decided {
    const { scopes, isClosed } = this.#settings;
    const scope = scopes.current;
    const held = scopes.heldFor(scope, flagKey);
    if (held === undefined) return { evaluation: isClosed() ? CLOSED : NOT_READY, held };
    if (Object.hasOwn(held.snapshot.flags, flagKey)) this.#settings.collector.evaluated(flagKey);
    try {
      const read = scopes.contextOf(scope, context, held.measurement.units);
      const evaluation = this.#evaluate(held, { flagKey, context: read, scope });
      return { evaluation, held, context: read };
    } catch {
      // Only a context whose members throw gets here.
      return { evaluation: BROKEN, held };
    }
  }

  #evaluate(held: Held, { flagKey, context, scope }: EvaluateInput): Evaluation {
    const evaluation = held.evaluator.evaluate(flagKey, context);
    if (scope !== undefined) scope.meet(held, context);
    const { exposure } = evaluation;
    if (exposure === undefined) return evaluation;
    // What is down serves safe already, which control need not be.
    const isDown = evaluation.reason === 'DISABLED';
    const curtailed = isDown ? undefined : this.#settings.curtailment(exposure);
    const rollout = held.measurement.rollouts.get(exposure.flag);
    if (rollout !== undefined) {
      const { unitAttribute: attribute, readUnit } = rollout;
      scope?.expose({ attribute, unit: readUnit(context), salt: held.snapshot.unitSalt });
      const { allocation, arm } = exposure;
      const served = curtailed === undefined || arm === 'control';
      const synthetic = scope?.synthetic ?? false;
      const use = { held, rollout, allocation, arm, served, context, synthetic };
      this.#settings.collector.use(use);
    }
    return curtailed === undefined ? evaluation : controlOf(held, exposure, curtailed);
  }
}

interface EvaluateInput {
  readonly flagKey: string;
  readonly context: EvaluationContext;
  readonly scope: RequestScope | undefined;
}

function controlOf(held: Held, exposure: Exposure, reason: 'STALE' | 'DISABLED'): Evaluation {
  const flag = held.snapshot.flags[exposure.flag];
  const variant = flag?.rollout?.control;
  if (!flag || variant === undefined) return BROKEN;
  return { value: flag.variants[variant], variant, reason, exposure };
}

/** OpenFeature's flag metadata of a decision. */
export function metadataFor(flagKey: string, { held }: Decided): FlagMetadata {
  return held ? metadataOf(held, flagKey) : NO_METADATA;
}

/** The snapshot's objects are shared by all callers: each gets its own copy. */
export function copyOf(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(copyOf);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyOf(member)]));
}
