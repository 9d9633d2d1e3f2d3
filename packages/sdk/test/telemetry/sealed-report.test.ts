import type { TelemetryReport } from '@downhaul/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Collection } from '../../src/telemetry/collector.ts';
import { bodyOf, fittingParts, sealReport } from '../../src/telemetry/sealed-report.ts';

function collectionOf(exposures: number, outcomes: number, activity: number): Collection {
  const list = <Item>(length: number, make: (index: number) => Item): Item[] =>
    Array.from({ length }, (_, index) => make(index));
  const common = { flag: 'flag', rollout: 'r', stage: 0, arm: 'control', version: 1 } as const;
  const unit = (index: number) => String(index).padStart(16, '0');
  return {
    exposures: list(exposures, (index) => ({
      ...common,
      allocation: 0,
      served: true,
      unit: unit(index),
      atMs: 1,
    })),
    outcomes: list(outcomes, (index) => ({ unit: unit(index), metric: 'm', atMs: 1, value: 1 })),
    activity: list(activity, (count) => ({ ...common, count, lastAtMs: 1 })),
    dropped: { exposures: 3, outcomes: 4 },
    traffic: { sinceMs: 1, units: 2, metrics: {} },
  };
}

describe('a report', () => {
  it('is split where it would be too long, and loses nothing and says nothing twice', () => {
    const length = fc.nat(60);
    fc.assert(
      fc.property(length, length, length, (exposures, outcomes, activity) => {
        const whole = collectionOf(exposures, outcomes, activity);
        const parts = fittingParts(whole, 1_000);
        for (const part of parts) expect(JSON.stringify(part).length).toBeLessThanOrEqual(1_000);
        expect(parts.flatMap((part) => part.exposures)).toEqual(whole.exposures);
        expect(parts.flatMap((part) => part.outcomes)).toEqual(whole.outcomes);
        expect(parts.flatMap((part) => part.activity)).toEqual(whole.activity);
        expect(parts.reduce((sum, part) => sum + part.dropped.exposures, 0)).toBe(3);
        expect(parts.filter(({ traffic }) => traffic)).toHaveLength(1);
      }),
    );
  });

  it('ends to be split when there is one item of a kind', () => {
    expect(fittingParts(collectionOf(1, 0, 0), 10)).toHaveLength(1);
    expect(fittingParts(collectionOf(1, 1, 1), 10)).toHaveLength(1);
    expect(fittingParts(collectionOf(2, 2, 2), 10)).toHaveLength(2);
  });

  it('has the moment it is sent and the rest as it was sealed', () => {
    const head = { instance: 'one', sequence: 4, version: 9, throughMs: 1_200 };
    const collection = collectionOf(2, 1, 1);
    const report = JSON.parse(bodyOf(sealReport(head, collection), 1_234.5)) as TelemetryReport;
    expect(report).toEqual({ ...head, sentAtMs: 1_234.5, ...collection });
  });
});
