import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';

/** Units that were counted as bad, each once per stage, or bad requests, by who told it. */
export interface HarmSource {
  readonly metric: string;
  readonly service: string;
  /** Its name; absent: the whole service. */
  readonly instance?: string;
  readonly control: number;
  readonly treatment: number;
}

/** Who told of harm: the most in treatment first. */
export function harmSources({ harmTold }: RolloutTelemetry): readonly HarmSource[] {
  return Object.values(harmTold?.counts ?? {})
    .map(({ metric, service, instance, control, treatment }) => ({
      metric,
      service,
      ...(instance === undefined ? {} : { instance: nameOf(instance) }),
      control,
      treatment,
    }))
    .sort(
      (one, other) =>
        other.treatment - one.treatment ||
        compare(one.metric, other.metric) ||
        compare(one.service, other.service) ||
        compare(one.instance ?? '', other.instance ?? ''),
    );
}

/** The last member of an `instanceKey` or `senderKey`. */
function nameOf(key: string): string {
  return (JSON.parse(key) as readonly string[]).at(-1) ?? key;
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
