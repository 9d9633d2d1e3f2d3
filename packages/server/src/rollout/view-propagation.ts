import type { TelemetryState } from '@downhaul/control';
import { type InstanceView, viewInstance } from '../intake/view-instance.ts';

interface PropagationView {
  /** The version that is to be reached. */
  version: number;
  live: number;
  /** Of these, on that version or a later one. */
  reached: number;
  /** Live instances behind it. */
  missing: { id: string; service: string; version?: number }[];
  acknowledgements: { id: string; service: string; version: number; sinceMs: number }[];
}

/** Which live instance uses which version of an environment. */
export function viewPropagation(
  state: TelemetryState,
  { project, environment }: { readonly project: string; readonly environment: string },
  version: number,
): PropagationView {
  const known = state.environments.get(`${project}/${environment}`)?.instances.values() ?? [];
  const live = [...known].map((each) => viewInstance(each)).filter((instance) => instance.live);
  const missing = live.filter((instance) => (instance.version ?? 0) < version);
  return {
    version,
    live: live.length,
    reached: live.length - missing.length,
    missing: missing.map(({ id, service, version: held }) => ({
      id,
      service,
      ...(held === undefined ? {} : { version: held }),
    })),
    acknowledgements: live.flatMap(acknowledgementOf),
  };
}

function acknowledgementOf({ id, service, version, versionSinceMs }: InstanceView) {
  if (version === undefined || versionSinceMs === undefined) return [];
  return [{ id, service, version, sinceMs: versionSinceMs }];
}
