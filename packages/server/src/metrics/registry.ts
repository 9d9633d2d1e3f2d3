/** Labels of one series: codes and kinds, never keys of customers or anything secret. */
export type Labels = Readonly<Record<string, string>>;

export interface Metrics {
  /** Adds to a counter. */
  count(name: string, by?: number, labels?: Labels): void;
  /** Adds an observation to a histogram of seconds. */
  observe(name: string, seconds: number): void;
  /** Registers a figure that is read when somebody asks. */
  gauge(name: string, help: string, read: () => number): void;
  /** Declares a counter or histogram; undeclared names are refused. */
  declare(name: string, type: 'counter' | 'histogram', help: string): void;
  /** The text exposition format of Prometheus, version 0.0.4. */
  expose(): string;
}

const BUCKETS_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

interface Family {
  readonly type: 'counter' | 'histogram' | 'gauge';
  readonly help: string;
  readonly series: Map<string, number>;
  readonly read?: () => number;
}

export function createMetrics(): Metrics {
  const families = new Map<string, Family>();
  const family = (name: string): Family => {
    const found = families.get(name);
    if (!found) throw new Error(`the metric ${name} was not declared`);
    return found;
  };
  return {
    declare: (name, type, help) => void families.set(name, { type, help, series: new Map() }),
    gauge: (name, help, read) =>
      void families.set(name, { type: 'gauge', help, series: new Map(), read }),
    count: (name, by = 1, labels = {}) => add(family(name), labelText(labels), by),
    observe: (name, seconds) => observe(family(name), seconds),
    expose: () => [...families].map(([name, each]) => exposeFamily(name, each)).join(''),
  };
}

function add({ series }: Family, key: string, by: number): void {
  series.set(key, (series.get(key) ?? 0) + by);
}

function observe(family: Family, seconds: number): void {
  for (const bound of BUCKETS_SECONDS) {
    if (seconds <= bound) add(family, `_bucket{le="${bound}"}`, 1);
  }
  add(family, '_bucket{le="+Inf"}', 1);
  add(family, '_sum', seconds);
  add(family, '_count', 1);
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escape(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function exposeFamily(name: string, { type, help, series, read }: Family): string {
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
  if (read) lines.push(`${name} ${read()}`);
  else if (series.size === 0 && type === 'counter') lines.push(`${name} 0`);
  else lines.push(...histogramOrder(type, series).map(([key, value]) => `${name}${key} ${value}`));
  return `${lines.join('\n')}\n`;
}

/** Buckets in the order of their bounds, each present even if nothing fell into it. */
function histogramOrder(
  type: Family['type'],
  series: ReadonlyMap<string, number>,
): [string, number][] {
  if (type !== 'histogram') return [...series];
  const keys = [...BUCKETS_SECONDS.map(String), '+Inf'].map((bound) => `_bucket{le="${bound}"}`);
  return [...keys, '_sum', '_count'].map((key) => [key, series.get(key) ?? 0]);
}
