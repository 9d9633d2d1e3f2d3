import type { Evaluation, ToldRequest } from '@downhaul/control';
import { type Attributes, textAt } from './attributes.ts';
import type { DurationPoint } from './duration-point.ts';

/** What one resource (a process) told in an export. */
export interface Told {
  readonly service: string | undefined;
  readonly instance: string;
  /** Whether the instance is one process: without a name of its own, several may go by that of their service. */
  readonly isNamed: boolean;
  readonly evaluations: Evaluation[];
  readonly requests: ToldRequest[];
  readonly points: DurationPoint[];
  /** Spans, records or points: what a partial success counts. */
  items: number;
}

const UNKNOWN = /^unknown_service/;

/** Nothing told yet by the process that a resource describes. */
export function toldBy(resource: Attributes): Told {
  const named = textAt(resource, 'service.name');
  const service = named === undefined || UNKNOWN.test(named) ? undefined : named;
  const process = processName(resource);
  return {
    service,
    instance: (process ?? service ?? 'unknown').slice(0, 200),
    isNamed: process !== undefined,
    evaluations: [],
    requests: [],
    points: [],
    items: 0,
  };
}

/** What tells a process from others of its service, by the attributes that resource detectors set. */
function processName(resource: Attributes): string | undefined {
  const own = textAt(
    resource,
    'service.instance.id',
    'k8s.pod.uid',
    'k8s.pod.name',
    'container.id',
  );
  if (own !== undefined) return own;
  const host = textAt(resource, 'host.id', 'host.name');
  const pid = textAt(resource, 'process.pid');
  return host === undefined || pid === undefined ? undefined : `${host}/${pid}`;
}
