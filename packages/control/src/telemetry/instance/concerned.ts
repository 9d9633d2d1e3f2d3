import type { EnvironmentTelemetry } from '../state.ts';
import { evaluates } from './evaluated.ts';
import type { InstanceState } from './types.ts';

/** What a flag's services are known by. */
export interface Concern {
  /** The flag, and for its way down those that require it. */
  readonly flags: readonly string[];
  /** Services that it says it affects, or that told of its baseline. */
  readonly services: readonly string[];
}

/**
 * Whether an instance has to be heard of before the flag is called healthy or down: one of a service that
 * the flag affects, that told of its baseline or that ever evaluated it. An instance that cannot say what it
 * evaluates may evaluate anything, and is concerned by every flag.
 */
export function isConcerned(
  environment: Pick<EnvironmentTelemetry, 'evaluated'>,
  instance: Pick<InstanceState, 'service' | 'tellsEvaluations'>,
  concern: Concern,
): boolean {
  return instance.tellsEvaluations !== true || isOfFlag(environment, instance.service, concern);
}

/** The same of a service, as far as it is known what it evaluates. */
export function isOfFlag(
  environment: Pick<EnvironmentTelemetry, 'evaluated'>,
  service: string,
  { flags, services }: Concern,
): boolean {
  return services.includes(service) || evaluates(environment, service, flags);
}
