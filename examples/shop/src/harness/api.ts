/** What the demo and the end-to-end tests read of the public API. */
export interface RolloutView {
  readonly nowMs: number;
  readonly down: boolean;
  readonly rollout?: {
    readonly status: string;
    readonly stage: number;
    readonly sharePerMillion: number;
    readonly stages: readonly { readonly sharePerMillion: number }[];
    readonly cause?: { readonly code: string; readonly text: string };
  };
  /** What was lost of its telemetry, and by whom. */
  readonly droppedItems?: readonly {
    readonly service: string;
    readonly instance: string;
    readonly cause: string;
    readonly items: number;
  }[];
  readonly evidence?: {
    readonly units: { readonly treatment: number; readonly control: number };
    readonly exposed: readonly ExposedUnits[];
  };
  readonly guardrails: readonly GuardrailView[];
  readonly step?: { readonly waitsFor?: { readonly text: string } };
  readonly sentences: readonly string[];
  readonly proof?: ProofView;
}

export interface ExposedUnits {
  readonly stage: number;
  readonly treatment: number;
  readonly control: number;
}

export interface GuardrailView {
  readonly hypothesis: string;
  readonly metric: string;
  readonly verdict: string;
  readonly harm?: { readonly part: number };
  readonly nonInferiority?: { readonly part: number };
}

export interface ProofView {
  readonly id: string;
  readonly kind: string;
  readonly version: number;
  readonly proven: boolean;
  readonly clocks: readonly {
    readonly clock: string;
    readonly outcome: string;
    readonly statement: string;
    readonly missing: readonly { readonly name: string; readonly why: string }[];
  }[];
}

export interface LogEntry {
  readonly position: number;
  readonly body: {
    readonly type: string;
    readonly atMs: number;
    readonly actor: { readonly kind: string; readonly id: string };
    readonly flag?: string;
    readonly stage?: number;
    readonly cause?: { readonly code: string; readonly text: string };
  };
}

export interface InstanceView {
  readonly id: string;
  readonly service: string;
  readonly live: boolean;
  readonly version?: number;
  readonly reportsReceived: number;
  readonly reportsLost: number;
}

export interface Api {
  rollout(flag: string): Promise<RolloutView>;
  /** All events about a flag, oldest first. */
  events(flag: string): Promise<readonly LogEntry[]>;
  instances(): Promise<readonly InstanceView[]>;
  verifyLog(): Promise<{ readonly ok: boolean; readonly events: number }>;
}

export function apiFor(url: string, token: string): Api {
  const read = async <Answer>(path: string): Promise<Answer> => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  };
  const environment = '/projects/default/environments/production';
  return {
    rollout: (flag) => read(`${environment}/flags/${flag}/rollout`),
    events: async (flag) => {
      const subject = encodeURIComponent(`default/flag:${flag}`);
      const page = await read<{ events: LogEntry[] }>(`/log?limit=1000&subject=${subject}`);
      return page.events;
    },
    instances: async () =>
      (await read<{ instances: InstanceView[] }>(`${environment}/instances`)).instances,
    verifyLog: () => read('/log/verify'),
  };
}
