import type { Evaluation, ToldRequest } from '@downhaul/control';
import { type Attributes, textAt } from './attributes.ts';
import type { DurationPoint } from './duration-point.ts';

/** What one resource (a process) told in an export. */
export interface Told {
  readonly service: string | undefined;
  readonly instance: string;
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
  const instance = textAt(resource, 'service.instance.id') ?? service ?? 'unknown';
  return {
    service,
    instance: instance.slice(0, 200),
    evaluations: [],
    requests: [],
    points: [],
    items: 0,
  };
}
