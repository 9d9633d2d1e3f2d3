import type { Evaluation, RefusedShape, ToldPoint, ToldRequest } from '@downhaul/control';
import { type Attributes, textAt } from './attributes.ts';

/** What one resource (a process) told in an export. */
export interface Told {
  readonly service: string | undefined;
  readonly instance: string;
  /** Whether the instance is one process: without a name of its own, several may go by that of their service. */
  readonly isNamed: boolean;
  readonly evaluations: Evaluation[];
  readonly requests: ToldRequest[];
  readonly points: ToldPoint[];
  /** Names of the metrics that came, whatever they say. */
  readonly instruments: Set<string>;
  /** What named a flag and cannot be counted, one per flag, instrument and reason. */
  readonly refused: RefusedShape[];
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
    instruments: new Set(),
    refused: [],
    items: 0,
  };
}

const MOST_REFUSED = 100;

/** Notes that something names a flag and cannot be counted. */
export function tellRefused(
  { refused }: Told,
  { flag, instrument, text }: Omit<RefusedShape, 'items'>,
): void {
  const about = instrument === undefined ? flag : `${instrument}, ${flag}`;
  const said = `${about}: ${text}`;
  const known = refused.findIndex((each) => each.text === said);
  const items = (refused[known]?.items ?? 0) + 1;
  const told = { flag, ...(instrument === undefined ? {} : { instrument }), text: said, items };
  if (known >= 0) refused[known] = told;
  else if (refused.length < MOST_REFUSED) refused.push(told);
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
