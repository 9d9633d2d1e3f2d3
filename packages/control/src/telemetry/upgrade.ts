import { senderKey, senderName } from './counted/sender.ts';
import { instanceKey } from './instance/instance-key.ts';
import type { EnvironmentTelemetry, TelemetryState } from './state.ts';

/**
 * A state of format 8 kept the uses of treatment by the name alone. Each becomes one of whoever has the name:
 * of two services' instances both, since which of them it was is not known, and none may be proven silent by
 * the other's silence.
 */
export function upgradeUses(state: TelemetryState): void {
  for (const telemetry of state.rollouts.values()) {
    const environment = state.environments.get(telemetry.environmentKey);
    if (environment === undefined || telemetry.treatmentUse.size === 0) continue;
    const keys = keysByName(environment);
    const named = [...telemetry.treatmentUse];
    telemetry.treatmentUse.clear();
    for (const [name, use] of named) {
      for (const key of keys.get(name) ?? []) telemetry.treatmentUse.set(key, { ...use });
    }
  }
}

function keysByName({ instances, senders }: EnvironmentTelemetry): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  const note = (name: string, key: string): void => {
    const known = keys.get(name);
    if (known === undefined) keys.set(name, [key]);
    else known.push(key);
  };
  for (const { service, id } of instances.values()) note(id, instanceKey(service, id));
  for (const sender of senders.values()) note(senderName(sender), senderKey(sender));
  return keys;
}
