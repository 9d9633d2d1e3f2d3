/** Where the figures of a metric come from. */
export type MetricSource = SdkSource | CountedSource;

/** Outcomes of distinct units, reported by our SDK. */
export interface SdkSource {
  readonly type: 'sdk';
  /** The name that outcomes carry, as given to `track`; absent: the metric's key. A funnel names its steps instead. */
  readonly event?: string;
}

/** Figures of requests, where nobody reports their units. */
export type CountedSource = PrometheusSource | OtlpSource;

/**
 * Figures read from a Prometheus server at the end of every batch. Each query sees the samples of one
 * batch alone, by the range `[$window]`: a server that stopped scraping answers nothing, never old figures.
 */
export interface PrometheusSource {
  readonly type: 'prometheus';
  /** Name under which the operator gave the server its address. */
  readonly server: string;
  readonly queries: PrometheusQueries;
  /** How far back each batch is read, so that its samples have been scraped by then. */
  readonly delayMs: number;
  /** How often the server scrapes: what `increase` extrapolates beyond the samples is taken back by it. */
  readonly scrapeMs: number;
}

/**
 * `total` counts requests, `bad` those of them that were bad. `value` is one figure per arm and batch,
 * such as a mean. A query with `$arm` is asked once per arm; without, it is about the whole service.
 */
export type PrometheusQueries =
  { readonly bad: string; readonly total: string } | { readonly value: string };

/** Requests told by OTLP, by the flag's variant that they carry. */
export interface OtlpSource {
  readonly type: 'otlp';
  /** `errors`: requests that failed. `slow`: requests that took longer than `aboveMs`. */
  readonly of: 'errors' | 'slow';
  readonly aboveMs?: number;
  /** A histogram of request durations with the flag's attributes; absent: spans are counted. */
  readonly instrument?: string;
}
