/** A service, or one instance of it, as a source of telemetry. */
export interface SourceName {
  readonly service: string;
  /** Absent: all of the service. */
  readonly instance?: string;
}

/** A source of which nothing counts for the rollouts of a flag, by a person's word. */
export interface ExcludedSource extends SourceName {
  readonly by: string;
  readonly atMs: number;
}

export function isSameSource(one: SourceName, other: SourceName): boolean {
  return one.service === other.service && one.instance === other.instance;
}

/** As sentences call it. */
export function sourceText({ service, instance }: SourceName): string {
  return instance === undefined ? service : `${service}/${instance}`;
}
