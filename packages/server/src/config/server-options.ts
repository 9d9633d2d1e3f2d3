/** What the server runs with, every default filled in and every duration in milliseconds. */
export interface ServerOptions {
  readonly dataDirectory: string;
  readonly host: string;
  readonly port: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly insecurePlain: boolean;
  readonly logLevel: string;
  readonly reportInterval: number;
  readonly heartbeat: number;
  readonly tickInterval: number;
  readonly stopTimeout: number;
  readonly maxConnectionsWithoutToken?: number;
  readonly instanceExpiry: number;
  readonly maxInstancesPerToken: number;
  readonly acceptLoss: boolean;
  readonly backupDirectory?: string;
  /** `name=url`, with commas between several. */
  readonly prometheus?: string;
  readonly prometheusAuth?: string;
  readonly idempotencyRetention: number;
  readonly intakeRetention: number;
}
