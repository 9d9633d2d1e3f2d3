import type { Metric } from './types.ts';
import { BUILT_IN_METRICS } from './built-in.ts';

/** Where metrics are looked up: those of a project, or those that a rollout was started with. */
export interface KnownMetrics {
  get(key: string): Metric | undefined;
  keys(): readonly string[];
}

/** The metrics of a project: its documents, and those that are built in. */
export function projectMetrics(project: {
  readonly metrics: ReadonlyMap<string, Metric>;
}): KnownMetrics {
  return {
    get: (key) => BUILT_IN_METRICS.get(key) ?? project.metrics.get(key),
    keys: () => [...project.metrics.keys(), ...BUILT_IN_METRICS.keys()],
  };
}

/** The metrics that are built in, for where no project is known. */
export const BUILT_IN: KnownMetrics = projectMetrics({ metrics: new Map() });
