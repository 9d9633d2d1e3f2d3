import type { EnvironmentTelemetry, TelemetryState } from '../state.ts';
import type { InstanceState } from './types.ts';

/** Marks an instance as gone. The first word on it stands, except that a person outranks a guess. */
export function leave(
  environment: EnvironmentTelemetry,
  id: string,
  left: NonNullable<InstanceState['left']>,
): void {
  const instance = environment.instances.get(id);
  if (instance === undefined) return;
  if (instance.left === undefined || instance.left.why === 'presumed') instance.left = left;
}

export interface ExpiredInstance {
  readonly project: string;
  readonly environment: string;
  readonly instance: string;
}

/**
 * Instances silent for longer than `instanceExpiryMs`: each is due one `instanceLeft` row with
 * `presumed`. In the order of their environments and of their first contact.
 */
export function instancesToExpire(state: TelemetryState, nowMs: number): ExpiredInstance[] {
  const expired: ExpiredInstance[] = [];
  for (const { project, environment, instances } of state.environments.values()) {
    for (const instance of instances.values()) {
      if (instance.left !== undefined) continue;
      if (nowMs - instance.lastContactAtMs <= state.options.instanceExpiryMs) continue;
      expired.push({ project, environment, instance: instance.id });
    }
  }
  return expired;
}

/** Forgets instances that left before a moment. */
export function forgetOldInstances(environment: EnvironmentTelemetry, beforeMs: number): void {
  for (const instance of environment.instances.values()) {
    if (instance.left !== undefined && instance.left.atMs < beforeMs)
      environment.instances.delete(instance.id);
  }
}
