/** What the load generator saw of one request: its own record, independent of all telemetry. */
export interface LoadRecord {
  readonly user: string;
  /** When the request was sent and answered, epoch ms. */
  readonly atMs: number;
  readonly tookMs: number;
  /** 0 where no answer came. */
  readonly status: number;
  /** Why no answer came, as the system names it: ECONNREFUSED, ECONNRESET, … */
  readonly failure?: string;
  readonly paid: boolean;
  /** Port of the storefront instance asked. */
  readonly port: number;
  readonly served: readonly ServedFlag[];
}

export interface ServedFlag {
  readonly flag: string;
  readonly on: boolean;
  readonly reason: string;
  /** Log position of the flag's state that decided. */
  readonly version: number;
}
