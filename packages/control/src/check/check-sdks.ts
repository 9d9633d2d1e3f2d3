import { SNAPSHOT_FORMAT_VERSION } from '@downhaul/engine';
import { buildSnapshot } from '../snapshot/build.ts';
import type { InstanceState } from '../telemetry/instance/types.ts';
import { environmentKey } from '../telemetry/state.ts';
import { isCountedAlone } from './counted-metrics.ts';
import { flagServices } from './flag-services.ts';
import type { CheckInput, CheckItem } from './types.ts';

/** Whether the affected services are there, and their SDKs able to evaluate the flag and to report it. */
export function checkSdks(input: CheckInput): CheckItem[] {
  const known = input.telemetry.environments.get(environmentKey(input))?.instances.values() ?? [];
  const live = [...known].filter(({ left }) => left === undefined);
  const { affects } = input.flag;
  const services = flagServices(input);
  const concerned = live.filter(({ service }) => services.has(service));
  if (isCountedAlone(input)) return [able(concerned, capabilitiesOf(input))];
  return [
    ...affects.map((service) => present(service, live)),
    able(concerned, capabilitiesOf(input)),
    reporting(concerned),
  ];
}

function present(service: string, live: readonly InstanceState[]): CheckItem {
  const count = live.filter((instance) => instance.service === service).length;
  return {
    code: 'service_present',
    ok: count > 0,
    text:
      count > 0
        ? `${service}: ${count} live ${count === 1 ? 'instance' : 'instances'}.`
        : `No instance of ${service} is live.`,
    remedy: count > 0 ? '' : 'Start it, or correct `affects`.',
  };
}

function able(instances: readonly InstanceState[], needed: readonly string[]): CheckItem {
  const old = instances.filter(
    ({ class: of, sdk, capabilities }) =>
      of === 'acking' &&
      ((sdk !== undefined && sdk.formatVersion < SNAPSHOT_FORMAT_VERSION) ||
        needed.some((capability) => sdk !== undefined && !capabilities.includes(capability))),
  );
  return {
    code: 'sdks_current',
    ok: old.length === 0,
    text:
      old.length === 0
        ? 'Every live SDK can evaluate the flag.'
        : `These SDKs lack what the flag needs and would serve the code default: ${names(old)}.`,
    remedy: old.length === 0 ? '' : 'Update them, or do without what they lack.',
  };
}

function reporting(instances: readonly InstanceState[]): CheckItem {
  const mute = instances.filter(
    ({ class: of, reportsExposures }) => of === 'acking' && !reportsExposures,
  );
  return {
    code: 'exposures_reported',
    ok: mute.length === 0,
    text:
      mute.length === 0
        ? 'Every live SDK reports its exposures.'
        : `A rollback is proven only as sent for those that report no exposures: ${names(mute)}.`,
    remedy: mute.length === 0 ? '' : 'Turn telemetry on there.',
  };
}

/** What an SDK must be able to do for the flag as it stands, and for any rollout. */
function capabilitiesOf({ state, project, environment, flag }: CheckInput): readonly string[] {
  const snapshot = buildSnapshot(state, { project, environment }, { pages: () => undefined });
  return [...new Set([...(snapshot?.flags[flag.key]?.capabilities ?? []), 'rollout'])];
}

function names(instances: readonly InstanceState[]): string {
  return instances
    .map(
      ({ id, service, sdk }) =>
        `${service}/${id}${sdk === undefined ? '' : ` (${sdk.name} ${sdk.version})`}`,
    )
    .join(', ');
}
