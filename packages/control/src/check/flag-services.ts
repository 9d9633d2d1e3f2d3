import { isOfFlag } from '../telemetry/instance/concerned.ts';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';
import { environmentKey, type EnvironmentTelemetry } from '../telemetry/state.ts';
import type { CheckInput } from './types.ts';

/** The services of a flag in an environment, as far as anything tells of them. */
export interface FlagServices {
  /** False where nothing tells which they are: then every service counts. */
  readonly known: boolean;
  has(service: string): boolean;
  /** Whether a rollout, of whatever flag, measured one of them. */
  measuredBy(rollout: RolloutTelemetry): boolean;
}

/**
 * Whose traffic counts for a flag: the services in `affects`, those that told of the baselines of its earlier
 * attempts, and those that ever evaluated it (docs/decisions/0025).
 */
export function flagServices(
  input: Pick<CheckInput, 'project' | 'environment' | 'flag' | 'telemetry'>,
): FlagServices {
  const { flag, telemetry } = input;
  const key = environmentKey(input);
  const own = [...telemetry.rollouts.values()].filter(
    (each) => each.environmentKey === key && each.rollout.flag === flag.key,
  );
  const services = [...flag.affects, ...own.flatMap(({ baselineServices }) => baselineServices)];
  const environment = telemetry.environments.get(key);
  const concern = { flags: [flag.key], services };
  const isOurs = (service: string) =>
    environment === undefined
      ? services.includes(service)
      : isOfFlag(environment, service, concern);
  const known = services.length > 0 || evaluating(environment).some(isOurs);
  const has = (service: string) => !known || isOurs(service);
  return {
    known,
    has,
    measuredBy: ({ rollout, affects, baselineServices }) =>
      !known || rollout.flag === flag.key || [...affects, ...baselineServices].some(has),
  };
}

function evaluating(environment: EnvironmentTelemetry | undefined): readonly string[] {
  return [...(environment?.evaluated.keys() ?? [])];
}
