import { judgesOtlp, judgesUnits } from '../counted/judges.ts';
import { senderKey, senderName } from '../counted/sender.ts';
import type { Sender } from '../counted/types.ts';
import { type Concern, isConcerned, isOfFlag } from '../instance/concerned.ts';
import { instanceKey } from '../instance/instance-key.ts';
import { isReporting, isSilent, silenceLimitMs } from '../instance/liveness.ts';
import { reportedThroughMs } from '../instance/reported-through.ts';
import type { InstanceState } from '../instance/types.ts';
import type { TelemetryOptions } from '../options.ts';
import type { EnvironmentTelemetry } from '../state.ts';
import { isExcluded } from './excluded.ts';
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
 * Whether a batch may count for health. Waited for is every instance of the flag's services (`isConcerned`)
 * that reports, was known before the batch's end and had not left: its reports through that end must have been received. One that had been
 * silent for `silenceLimitMs` by then is lost, which is judged apart, and nobody waits for it. Silence
 * of a whole service is not health either: each that the flag affects, or that told of the baseline's
 * units, needs an instance that still reports. What decides looks at who reported, never at what.
 *
 * A process that tells by OTLP is waited for in the same way, by the end of the newest request it told of. One whose
 * times cannot be has told nothing.
 * Where everything is read from Prometheus nobody reports, and a reading is there whole or not at all.
 */
export function coverageOf(
  telemetry: RolloutTelemetry,
  endMs: number,
  { closedAtMs, environment, options }: Closing,
): Coverage {
  const byUnits = judgesUnits(telemetry);
  if (!byUnits && !judgesOtlp(telemetry)) return { complete: true, missing: [] };
  const { batchMs } = telemetry.plan;
  const limitMs = silenceLimitMs(batchMs, options);
  const concern = concernOf(telemetry);
  const telling = tellingSenders(environment, endMs, limitMs).filter(
    (sender) =>
      isOfFlag(environment, sender.service, concern) &&
      !isExcluded(telemetry, sender.service, senderKey(sender)),
  );
  const lateSenders = telling
    .filter(
      ({ throughMs, lostAtMs = -Infinity }) => throughMs < endMs || lostAtMs > endMs - batchMs,
    )
    .map(senderName);
  if (!byUnits)
    return { complete: telling.length > 0 && lateSenders.length === 0, missing: lateSenders };
  const known: InstanceState[] = [];
  const reporting: InstanceState[] = [];
  const missing = lateSenders;
  for (const instance of environment.instances.values()) {
    if (instance.left !== undefined || instance.firstContactAtMs >= endMs) continue;
    if (!isConcerned(environment, instance, concern)) continue;
    // What does not count is not waited for, and is no sign of life of its service either.
    const key = instanceKey(instance.service, instance.id);
    if (isExcluded(telemetry, instance.service, key)) continue;
    known.push(instance);
    if (!isReporting(instance) || isSilent(instance, { atMs: endMs, limitMs })) continue;
    reporting.push(instance);
    const throughMs = reportedThroughMs(instance, { atMs: closedAtMs, limitMs });
    if (throughMs < endMs) missing.push(`${instance.service}/${instance.id}`);
  }
  for (const service of servicesLeftAlone(telemetry, { known, reporting, telling })) {
    missing.push(service);
  }
  missing.sort();
  const anybody = reporting.length + telling.length > 0;
  return { complete: missing.length === 0 && anybody, missing };
}

/** Whose telemetry a rollout's health needs. */
export function concernOf(telemetry: RolloutTelemetry): Concern {
  const { rollout, affects } = telemetry;
  return { flags: [rollout.flag], services: [...affects, ...countingBaseline(telemetry)] };
}

function countingBaseline(telemetry: RolloutTelemetry): readonly string[] {
  return telemetry.baselineServices.filter((service) => !isExcluded(telemetry, service));
}

function tellingSenders(
  { senders }: EnvironmentTelemetry,
  endMs: number,
  limitMs: number,
): readonly Sender[] {
  const telling: Sender[] = [];
  for (const sender of senders.values()) {
    if (sender.retiredAtMs !== undefined) continue;
    if (sender.firstAtMs < endMs && sender.lastAtMs + limitMs > endMs) telling.push(sender);
  }
  return telling;
}

interface Instances {
  readonly known: readonly InstanceState[];
  readonly reporting: readonly InstanceState[];
  readonly telling: readonly Sender[];
}

/** Services that should report and of which no instance does. */
function servicesLeftAlone(
  telemetry: RolloutTelemetry,
  { known, reporting, telling }: Instances,
): string[] {
  const { affects } = telemetry;
  const baselineServices = countingBaseline(telemetry);
  const heard = new Set<string>();
  for (const { service } of reporting) heard.add(service);
  for (const { service } of telling) heard.add(service);
  const isHeard = (service: string) => heard.has(service);
  if (baselineServices.every(isHeard) && affects.every(isHeard)) return [];
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
