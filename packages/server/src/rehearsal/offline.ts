import {
  BUILT_IN_METRICS,
  type DomainError,
  type KnownMetrics,
  type Metric,
  type Plan,
  type Progress,
  readMetricDocument,
  readPlanDocument,
  withAll,
} from '@downhaul/control';
import { randomBytes } from 'node:crypto';
import { Refusal } from '../error/refusal.ts';
import { playRehearsal } from './play.ts';
import { type ReportJson, reportJson } from './report-json.ts';
import { type Asked, judgedPlan, requestOf } from './request.ts';
import { threadsFor } from './threads.ts';

/** A rehearsal without a server. */
export interface OfflineRehearsal {
  /** Document of the plan, as JSON. */
  readonly plan: unknown;
  /** Documents of the metrics that are not built in. */
  readonly metrics: readonly unknown[];
  readonly asked: Asked;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

/** What it came to, or what is wrong with what was asked; nothing is recorded anywhere. */
export type OfflineResult =
  | { readonly ok: true; readonly report: ReportJson }
  | { readonly ok: false; readonly problem: DomainError };

/** Rehearses a plan on this machine's cores. Rejects only where it was cancelled or broke. */
export async function rehearseOffline(rehearsal: OfflineRehearsal): Promise<OfflineResult> {
  const { asked, signal, progress } = rehearsal;
  try {
    const plan = planOf(rehearsal);
    const seed = randomBytes(4).toString('hex');
    const request = requestOf(plan, asked, { service: {}, seed });
    const threads = threadsFor('command');
    const report = await playRehearsal(request, { threads, signal, progress });
    return { ok: true, report: reportJson(report) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem };
    throw error;
  }
}

function planOf({ plan, metrics }: OfflineRehearsal): Plan {
  const read = readPlanDocument(plan);
  if (!read.ok) {
    const problem = withAll(read.problems);
    throw new Refusal({ ...problem, path: `/plan${problem.path}` });
  }
  return judgedPlan(read.value, knownMetrics(metrics));
}

function knownMetrics(documents: readonly unknown[]): KnownMetrics {
  const own = new Map<string, Metric>();
  for (const document of documents) {
    const read = readMetricDocument(document);
    if (!read.ok) throw new Refusal(withAll(read.problems));
    own.set(read.value.key, { ...read.value, version: 0 });
  }
  return {
    get: (key) => BUILT_IN_METRICS.get(key) ?? own.get(key),
    keys: () => [...own.keys(), ...BUILT_IN_METRICS.keys()],
  };
}
