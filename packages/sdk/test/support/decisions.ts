import type { Exposure, SnapshotRollout } from '@downhaul/engine';
import type { EvaluationContext } from '@openfeature/server-sdk';
import { Flags } from '../../src/client/flags.ts';
import { OutcomeRecorder } from '../../src/scope/outcome-recorder.ts';
import { runInScope } from '../../src/scope/run.ts';
import { Scopes } from '../../src/scope/scopes.ts';
import { SnapshotHolder } from '../../src/snapshot/holder.ts';
import { TelemetryCollector } from '../../src/telemetry/collector.ts';
import { rolloutFlag, snapshotOf } from './snapshots.ts';

const clock = { nowMs: () => 1_000, monotonicMs: () => 0 };

/** The parts that decide and count, without a server: one flag `flag` in rollout. */
export function decisions(sharePercent: number, changes: Partial<SnapshotRollout> = {}) {
  const holder = new SnapshotHolder();
  holder.adopt(snapshotOf(1, [rolloutFlag('flag', sharePercent, changes)]), 'stream');
  const collector = new TelemetryCollector(clock, () => undefined);
  const scopes = new Scopes(holder, clock);
  const recorder = new OutcomeRecorder(holder, collector, clock);
  const flags = new Flags({
    scopes,
    collector,
    curtailment: () => undefined,
    isClosed: () => false,
  });
  return {
    scopes,
    recorder,
    flags,
    collector,
    /** What an evaluation decided, if it put anybody into an arm. */
    decide: (context?: EvaluationContext): Exposure | undefined =>
      flags.decide('flag', context).evaluation.exposure,
    /** Runs work in a scope that fails, so that its unit has an outcome. */
    failIn: <T>(context: EvaluationContext | undefined, work: () => T): T => {
      const result: { value?: T } = {};
      try {
        runInScope({ scopes, recorder }, { context, work: () => fail(result, work) });
      } catch {
        // Ordered.
      }
      return result.value as T;
    },
  };
}

function fail<T>(result: { value?: T }, work: () => T): never {
  result.value = work();
  throw new Error('ordered by the test');
}
