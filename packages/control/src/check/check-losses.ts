import type { CheckInput, CheckItem } from './types.ts';

/** Older losses are of another day's trouble. */
const LATELY_MS = 3_600_000;

/** Whether items of telemetry are lost in the environment; nothing is said where none was within the last hour. */
export function checkLosses({ project, environment, telemetry, nowMs }: CheckInput): CheckItem[] {
  const losses = telemetry.environments.get(`${project}/${environment}`)?.losses.values() ?? [];
  const lately = [...losses].filter(({ lastAtMs }) => nowMs - lastAtMs <= LATELY_MS);
  const [worst] = lately.toSorted((one, other) => other.items - one.items);
  if (worst === undefined) return [];
  const { service, instance, cause, items } = worst;
  const others = lately.length > 1 ? `, and ${lately.length - 1} more like it` : '';
  return [
    {
      code: 'telemetry_lost',
      ok: false,
      text: `Items of telemetry count nowhere: ${items} of ${service}/${instance} (${cause})${others}.`,
      remedy:
        cause === 'sdk_queue'
          ? 'The SDK had no room for them: give it more instances, or let it reach the server.'
          : 'Look at the versions and the clocks of these instances.',
    },
  ];
}
