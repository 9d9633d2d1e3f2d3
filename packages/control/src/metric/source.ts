/** Where the figures of a metric come from. */
export type MetricSource = SdkSource | OtlpSource | PrometheusSource;

/** Outcomes of distinct units, reported by our SDK. */
export interface SdkSource {
  readonly type: 'sdk';
  /** The name that outcomes carry, as given to `track`; absent: the metric's key. A funnel names its steps instead. */
  readonly event?: string;
}

/** Telemetry of services without our SDK, taken in by the server. */
export interface OtlpSource {
  readonly type: 'otlp';
}

/** Figures that a Prometheus server is asked for. */
export interface PrometheusSource {
  readonly type: 'prometheus';
  /** Base address of the server. */
  readonly server: string;
  /** PromQL by what it counts. */
  readonly queries: Readonly<Record<string, string>>;
}
