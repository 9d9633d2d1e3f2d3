import { instanceKey, senderKey, type TelemetryScope } from '@downhaul/control';
import { refusal } from '../error/refusal.ts';
import type { Metrics } from '../metrics/registry.ts';
import type { Intake } from './intake.ts';

/** How many instances one token may have. What is known already is never turned away. */
export interface Admission {
  /**
   * @throws Refusal (429) for a new instance of a token that has as many as it may.
   */
  admit(scope: TelemetryScope, instance: string): void;
  /** Whether a process may tell by OTLP. */
  admitsSender(scope: TelemetryScope, instance: string): boolean;
  /** Tokens of an environment whose new instances were turned away lately. */
  refusedIn(place: Pick<TelemetryScope, 'project' | 'environment'>): readonly RefusedInstances[];
}

export interface RefusedInstances {
  readonly token: string;
  readonly service: string;
  /** Requests, not instances: who was turned away is not remembered. */
  readonly requests: number;
  readonly lastAtMs: number;
}

interface AdmissionInput {
  readonly intake: Pick<Intake, 'state'>;
  readonly limit: number;
  readonly nowMs: () => number;
  readonly metrics: Metrics;
}

/** The live instances of a token as last counted, and those let in since that the intake does not know yet. */
interface Counted {
  readonly atMs: number;
  readonly live: number;
  /** When each was let in. */
  readonly admitted: Map<string, number>;
}

const RECOUNT_MS = 1_000;
/** By then the intake knows whoever was let in, or it came to nothing. */
const ADMITTED_MS = 60_000;
const RETRY_AFTER_SECONDS = 30;
/** A refusal is shown for so long. */
const SHOWN_MS = 3_600_000;

export function createAdmission(input: AdmissionInput): Admission {
  const { limit, nowMs } = input;
  const counted = new Map<string, Counted>();
  const refusals = createRefusals(input);
  return {
    admit: (scope, instance) => {
      const key = instanceKey(scope.service, instance);
      const known = environmentOf(input, scope)?.instances.get(key);
      // One that was presumed gone still serves what it has: it must be able to come down.
      if (known !== undefined && known.left?.why !== 'goodbye') return;
      if (hasRoom(scope, 'instances', key)) return;
      refusals.note(scope);
      const facts = { service: scope.service, limit };
      throw refusal('instances_too_many', facts, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    },
    admitsSender: (scope, instance) => {
      const key = senderKey({ service: scope.service, instance });
      const isKnown = environmentOf(input, scope)?.senders.has(key) ?? false;
      if (isKnown || hasRoom(scope, 'senders', key)) return true;
      refusals.note(scope);
      return false;
    },
    refusedIn: refusals.shownIn,
  };

  function hasRoom(scope: TelemetryScope, of: 'instances' | 'senders', key: string): boolean {
    const { live, admitted } = countOf(scope, of);
    if (admitted.has(key)) return true;
    if (live + admitted.size >= limit) return false;
    admitted.set(key, nowMs());
    return true;
  }

  function countOf(scope: TelemetryScope, of: 'instances' | 'senders'): Counted {
    const name = `${of} ${scope.token ?? ''}`;
    const last = counted.get(name);
    if (last !== undefined && nowMs() - last.atMs < RECOUNT_MS) return last;
    const environment = environmentOf(input, scope);
    const waiting = [...(last?.admitted ?? [])].filter(
      ([key, atMs]) => environment?.[of].has(key) !== true && nowMs() - atMs < ADMITTED_MS,
    );
    const fresh: Counted = {
      atMs: nowMs(),
      live: liveOf(input, scope)[of],
      admitted: new Map(waiting),
    };
    counted.set(name, fresh);
    return fresh;
  }
}

/** Who was turned away lately, by token. */
function createRefusals({ nowMs, metrics }: AdmissionInput) {
  const refused = new Map<string, RefusedInstances & { readonly place: string }>();
  metrics.declare(
    'downhaul_instances_refused_total',
    'counter',
    'Requests of new instances whose token has as many as it may.',
  );
  return {
    note: ({ project, environment, service, token = '' }: TelemetryScope): void => {
      metrics.count('downhaul_instances_refused_total');
      const requests = (refused.get(token)?.requests ?? 0) + 1;
      const place = `${project}/${environment}`;
      refused.set(token, { token, service, requests, lastAtMs: nowMs(), place });
    },
    shownIn: ({ project, environment }: Pick<TelemetryScope, 'project' | 'environment'>) =>
      [...refused.values()]
        .filter((each) => each.place === `${project}/${environment}`)
        .filter(({ lastAtMs }) => nowMs() - lastAtMs < SHOWN_MS)
        .map(({ place: _place, ...shown }) => shown),
  };
}

function environmentOf({ intake }: AdmissionInput, { project, environment }: TelemetryScope) {
  return intake.state.environments.get(`${project}/${environment}`);
}

/** What a token has now: its live instances, and its processes that still tell by OTLP. */
function liveOf(input: AdmissionInput, scope: TelemetryScope) {
  const environment = environmentOf(input, scope);
  const { instanceExpiryMs } = input.intake.state.options;
  let instances = 0;
  let senders = 0;
  for (const { left, token } of environment?.instances.values() ?? []) {
    if (left === undefined && token === scope.token) instances += 1;
  }
  for (const { lastAtMs, token, retiredAtMs } of environment?.senders.values() ?? []) {
    const isLive = retiredAtMs === undefined && input.nowMs() - lastAtMs <= instanceExpiryMs;
    if (isLive && token === scope.token) senders += 1;
  }
  return { instances, senders };
}
