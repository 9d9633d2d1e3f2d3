import { durationText } from '../document/duration.ts';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { BUILT_IN_METRICS } from './built-in.ts';
import { worseByKind } from './kind.ts';
import type { MetricDefinition, MetricKind } from './types.ts';

/** Properties that belong to one kind: its document may have them, or must. */
const OWN: Readonly<
  Record<
    'cap' | 'aggregate' | 'steps' | 'afterMs',
    { readonly kind: MetricKind; readonly must: boolean }
  >
> = {
  cap: { kind: 'mean', must: false },
  aggregate: { kind: 'mean', must: false },
  steps: { kind: 'funnel', must: true },
  afterMs: { kind: 'retention', must: true },
};

/** Everything about a metric that its shape cannot say. */
export function checkMetric(metric: MetricDefinition): readonly DomainError[] {
  return [
    ...checkKeyFree(metric),
    ...checkOwn(metric),
    ...checkWorse(metric),
    ...checkEvents(metric),
    ...checkWindow(metric),
    ...checkSource(metric),
  ];
}

/** Requests that nobody tells the units of can be counted or averaged, and no more. */
function checkSource({ key, kind, source, worse }: MetricDefinition): readonly DomainError[] {
  if (source.type === 'sdk') return [];
  const figures = source.type === 'prometheus' && 'value' in source.queries;
  const accepted = figures ? 'mean' : 'share';
  if (figures && worse === 'lower') {
    return [domainError('metric_value_lower', { metric: key }, { path: '/worse' })];
  }
  if (kind === accepted) return [];
  const facts = { metric: key, kind, source: source.type };
  return [domainError('metric_source_kind', facts, { path: '/kind', accepted })];
}

function checkKeyFree({ key }: MetricDefinition): readonly DomainError[] {
  if (!BUILT_IN_METRICS.has(key)) return [];
  return [domainError('metric_built_in', { metric: key }, { path: '/metric' })];
}

function checkOwn(metric: MetricDefinition): readonly DomainError[] {
  return (Object.keys(OWN) as (keyof typeof OWN)[]).flatMap((property) => {
    const { kind, must } = OWN[property];
    const written = property === 'afterMs' ? 'after' : property;
    const facts = { metric: metric.key, property: written, kind };
    if (metric[property] === undefined) {
      if (!must || metric.kind !== kind) return [];
      return [domainError('metric_property_missing', facts, { path: '' })];
    }
    if (metric.kind === kind) return [];
    const place = { path: `/${written}` };
    return [
      domainError('metric_property_foreign', { ...facts, kind: metric.kind, of: kind }, place),
    ];
  });
}

/** A share that may not get lower is a conversion, and the other way round. */
function checkWorse({ key, kind, worse }: MetricDefinition): readonly DomainError[] {
  if (kind === 'mean' || worse === worseByKind(kind)) return [];
  const facts = { metric: key, kind, worse };
  const place = { path: '/worse', accepted: worseByKind(kind) };
  return [domainError('metric_worse_impossible', facts, place)];
}

function checkEvents({ key, kind, source, steps = [] }: MetricDefinition): readonly DomainError[] {
  const twice = steps.findIndex((step, index) => steps.indexOf(step) !== index);
  if (twice >= 0) {
    const facts = { metric: key, step: steps[twice] ?? '' };
    return [domainError('metric_step_twice', facts, { path: `/steps/${twice}` })];
  }
  if (kind !== 'funnel' || source.type !== 'sdk' || source.event === undefined) return [];
  const facts = { metric: key, property: 'event', kind, of: 'sdk source with one event' };
  return [domainError('metric_property_foreign', facts, { path: '/source/event' })];
}

/** Coming back is watched for until the window ends, so it must end later than `after`. */
function checkWindow(metric: MetricDefinition): readonly DomainError[] {
  const { key, kind, windowMs, afterMs } = metric;
  if (kind !== 'retention' || afterMs === undefined) return [];
  if (windowMs === undefined) {
    const facts = { metric: key, property: 'window', kind };
    return [domainError('metric_property_missing', facts, { path: '' })];
  }
  if (windowMs > afterMs) return [];
  const facts = { metric: key, window: durationText(windowMs), after: durationText(afterMs) };
  return [domainError('metric_window_too_short', facts, { path: '/window' })];
}
