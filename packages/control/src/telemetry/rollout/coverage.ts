import { isReporting, isSilent, silenceLimitMs } from '../instance/liveness.ts';
import { reportedThroughMs } from '../instance/reported-through.ts';
import type { InstanceState } from '../instance/types.ts';
import type { TelemetryOptions } from '../options.ts';
import type { EnvironmentTelemetry } from '../state.ts';
import type { RolloutTelemetry } from './types.ts';

/** A batch that is being closed, and what is known of its environment by then. */
export interface Closing {
  readonly batch: number;
  readonly closedAtMs: number;
  readonly environment: EnvironmentTelemetry;
  readonly options: TelemetryOptions;
}

interface Coverage {
  /** Everything that live instances saw by the end of the batch has been received. */
  readonly complete: boolean;
  /** `service/instance` whose reports are missing, and services of which nobody is left to report. */
  readonly missing: readonly string[];
}

/**
 * Whether a batch may count for health. Waited for is every instance that reports, was known before the
 * batch's end and had not left: its reports through that end must have been received. One that had been
 * silent for `silenceLimitMs` by then is lost, which is judged apart, and nobody waits for it. Silence
 * of a whole service is not health either: each that the flag affects, or that told of the baseline's
 * units, needs an instance that still reports. What decides looks at who reported, never at what.
 */
export function coverageOf(
  telemetry: RolloutTelemetry,
  endMs: number,
  { closedAtMs, environment, options }: Closing,
): Coverage {
  const limitMs = silenceLimitMs(telemetry.plan.batchMs, options);
  const known = [...environment.instances.values()].filter(
    (instance) => instance.left === undefined && instance.firstContactAtMs < endMs,
  );
  const reporting = known.filter(
    (instance) => isReporting(instance) && !isSilent(instance, { atMs: endMs, limitMs }),
  );
  const late = reporting.filter(
    (instance) => reportedThroughMs(instance, { atMs: closedAtMs, limitMs }) < endMs,
  );
  const missing = [
    ...late.map(({ service, id }) => `${service}/${id}`),
    ...servicesLeftAlone(telemetry, { known, reporting }),
  ].sort();
  return { complete: missing.length === 0 && reporting.length > 0, missing };
}

interface Instances {
  readonly known: readonly InstanceState[];
  readonly reporting: readonly InstanceState[];
}

/** Services that should report and of which no instance does. */
function servicesLeftAlone(
  { affects, baselineServices }: RolloutTelemetry,
  { known, reporting }: Instances,
): string[] {
  const heard = new Set(reporting.map(({ service }) => service));
  // Clients of other makes are there and cannot report: what they do not say was never to be heard.
  const mute = new Set(
    known.filter((instance) => !isReporting(instance)).map(({ service }) => service),
  );
  return [
    ...baselineServices.filter((service) => !heard.has(service)),
    ...affects.filter(
      (service) => !heard.has(service) && !mute.has(service) && !baselineServices.includes(service),
    ),
  ];
}
