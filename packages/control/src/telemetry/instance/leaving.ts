import type { EnvironmentTelemetry, TelemetryState } from '../state.ts';
import { instanceKey } from './instance-key.ts';
import type { InstanceState } from './types.ts';

type Left = NonNullable<InstanceState['left']>;

/** Who left. Rows of earlier releases name no service: theirs was whoever has the name. */
interface Leaver {
  readonly instance: string;
  readonly service?: string;
}

/** Marks an instance as gone. */
export function leave(
  { instances }: EnvironmentTelemetry,
  { instance: id, service }: Leaver,
  left: Left,
): void {
  if (service !== undefined) {
    const instance = instances.get(instanceKey(service, id));
    if (instance !== undefined) markLeft(instance, left);
    return;
  }
  for (const instance of instances.values()) if (instance.id === id) markLeft(instance, left);
}

/** Marks everything that last spoke with a token as gone, by an operator's word. */
export function retireToken(
  { instances, senders }: EnvironmentTelemetry,
  { token, atMs }: { readonly token: string; readonly atMs: number },
): void {
  for (const instance of instances.values()) {
    if (instance.token === token) markLeft(instance, { why: 'operator', atMs });
  }
  for (const sender of senders.values()) if (sender.token === token) sender.retiredAtMs = atMs;
}

/** The first word on it stands, except that a person outranks a guess. */
function markLeft(instance: InstanceState, left: Left): void {
  if (instance.left === undefined || instance.left.why === 'presumed') instance.left = left;
}

export interface ExpiredInstance {
  readonly project: string;
  readonly environment: string;
  readonly service: string;
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
      const { service, id } = instance;
      expired.push({ project, environment, service, instance: id });
    }
  }
  return expired;
}

const MAX_REMEMBERED = 50_000;
const LOOK_EVERY = 1_000;
/** Further than any clock: puts one kind behind another. */
const FAR_MS = 2 ** 50;

/**
 * Forgets some that left when there are many: first those that said goodbye, which no proof names, and the
 * earliest first. Who is live is never forgotten; how many that can be is bounded where they are let in.
 */
export function makeRoom({ instances }: EnvironmentTelemetry): void {
  if (instances.size < MAX_REMEMBERED || instances.size % LOOK_EVERY !== 0) return;
  const rank = ({ left }: InstanceState) =>
    (left?.why === 'goodbye' ? 0 : FAR_MS) + (left?.atMs ?? 0);
  const gone = [...instances].filter(([, { left }]) => left !== undefined);
  gone.sort(([, one], [, other]) => rank(one) - rank(other));
  const tooMany = instances.size - MAX_REMEMBERED + LOOK_EVERY;
  for (const [key] of gone.slice(0, tooMany)) instances.delete(key);
}

/** Forgets instances that left before a moment. */
export function forgetOldInstances(environment: EnvironmentTelemetry, beforeMs: number): void {
  for (const [key, { left }] of environment.instances) {
    if (left !== undefined && left.atMs < beforeMs) environment.instances.delete(key);
  }
}
