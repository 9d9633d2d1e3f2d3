import type { Evaluation, Joined, ToldRequest } from '@downhaul/control';

/**
 * Brings requests and the evaluations within them together by their trace: they stand in different spans
 * and may come in different exports. It lives in memory. What waits there when the server ends, or is
 * pushed out, is lost to both arms alike: counts and figures are then of fewer requests.
 */
export interface TraceJoin {
  /** What a service told; the pairs that are complete with it. A span that comes twice counts once. */
  add(told: ToldByService): Joined[];
  readonly waiting: number;
  /** Traces forgotten while a request or an evaluation of theirs still waited for the other. */
  readonly lost: number;
}

interface ToldByService {
  /** Place and service: an evaluation belongs to the requests of the service that made it. */
  readonly key: string;
  readonly evaluations: readonly Evaluation[];
  readonly requests: readonly ToldRequest[];
  readonly nowMs: number;
}

interface Trace {
  readonly touchedMs: number;
  /** By flag; the first one counts. */
  readonly evaluations: Map<string, Evaluation>;
  readonly requests: Map<string, ToldRequest>;
  joined: boolean;
}

const DEFAULT_BOUNDS = { maxTraces: 100_000, keepMs: 60_000 };

export function createTraceJoin(bounds = DEFAULT_BOUNDS): TraceJoin {
  const traces = new Map<string, Trace>();
  let lost = 0;
  return {
    get waiting() {
      return traces.size;
    },
    get lost() {
      return lost;
    },
    add: ({ key, evaluations, requests, nowMs }) => {
      const joined: Joined[] = [];
      for (const evaluation of evaluations) {
        if (evaluation.traceId === '') {
          joined.push({ evaluation });
          continue;
        }
        joined.push(...addEvaluation(touch(`${key} ${evaluation.traceId}`, nowMs), evaluation));
      }
      for (const request of requests) {
        joined.push(...addRequest(touch(`${key} ${request.traceId}`, nowMs), request));
      }
      forget(nowMs);
      return joined;
    },
  };

  /** The trace, as the last one touched: the oldest stand first. */
  function touch(id: string, nowMs: number): Trace {
    const known = traces.get(id);
    traces.delete(id);
    const trace = {
      evaluations: known?.evaluations ?? new Map<string, Evaluation>(),
      requests: known?.requests ?? new Map<string, ToldRequest>(),
      joined: known?.joined ?? false,
      touchedMs: nowMs,
    };
    traces.set(id, trace);
    return trace;
  }

  function forget(nowMs: number): void {
    for (const [id, trace] of traces) {
      if (traces.size <= bounds.maxTraces && nowMs - trace.touchedMs < bounds.keepMs) break;
      traces.delete(id);
      // A request without an evaluation is the rule: most evaluate nothing that is in rollout.
      if (!trace.joined && trace.evaluations.size > 0) lost += 1;
    }
  }
}

function addEvaluation(trace: Trace, evaluation: Evaluation): Joined[] {
  if (trace.evaluations.has(evaluation.flag)) return [];
  trace.evaluations.set(evaluation.flag, evaluation);
  const requests = [...trace.requests.values()];
  if (requests.length > 0) trace.joined = true;
  // Without a request yet it is an exposure all the same.
  return [{ evaluation }, ...requests.map((request) => ({ evaluation, request }))];
}

function addRequest(trace: Trace, request: ToldRequest): Joined[] {
  if (trace.requests.has(request.spanId)) return [];
  trace.requests.set(request.spanId, request);
  const evaluations = [...trace.evaluations.values()];
  if (evaluations.length > 0) trace.joined = true;
  return evaluations.map((evaluation) => ({ evaluation, request }));
}
