import { compile, type Evaluator, type Snapshot, type SnapshotFlag } from '@downhaul/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { context, snapshot } from '../support/arbitraries.ts';
import { flagOf, snapshotOf } from '../support/snapshots.ts';

describe('conflicts', () => {
  test('two flags in conflict are never both beyond safe, but for overrides', () => {
    let conflicts = 0;
    fc.assert(
      fc.property(snapshot, context, (given, each) => {
        const evaluator = compile(withoutOverrides(given));
        for (const [one, other] of conflictingPairs(given)) {
          if (evaluator.evaluate(one, each).rule === 'conflict') conflicts++;
          const both = leavesSafe(evaluator, one, each) && leavesSafe(evaluator, other, each);
          expect(both).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
    expect(conflicts).toBeGreaterThan(10);
  });

  test('taking a flag down, or its rollout back, raises nobody in a flag that conflicts with it', () => {
    fc.assert(
      fc.property(snapshot.map(withPeaks), context, fc.boolean(), (given, each, back) => {
        fc.pre(!requiresSafe(given));
        const before = compile(given);
        for (const [one, other] of conflictingPairs(given)) {
          const flag = given.flags[one]!;
          const changed = back ? rolledBack(flag) : { ...flag, down: true };
          const after = compile(withFlag(given, changed));
          if (leavesSafe(before, other, each)) continue;
          expect(leavesSafe(after, other, each)).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('requires', () => {
  test('a flag beyond safe has everything it requires, but for overrides', () => {
    fc.assert(
      fc.property(snapshot, context, (given, each) => {
        const evaluator = compile(withoutOverrides(given));
        for (const [key, flag] of Object.entries(given.flags)) {
          if (!leavesSafe(evaluator, key, each)) continue;
          for (const requirement of flag.requires) {
            expect(evaluator.evaluate(requirement.flag, each).variant).toBe(requirement.variant);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a long chain and a wide web of requirements are unmet instead of slow', () => {
    const chain = Array.from({ length: 5_000 }, (_, index) =>
      flagOf(`f${index}`, { serve: 'on', requires: [{ flag: `f${index + 1}`, variant: 'on' }] }),
    );
    const web = Array.from({ length: 60 }, (_, index) =>
      flagOf(`w${index}`, {
        serve: 'on',
        requires: ['on', 'on'].map((variant) => ({ flag: `w${index + 1}`, variant })),
      }),
    );
    const ends = [flagOf('f5000', { serve: 'on' }), flagOf('w60', { serve: 'on' })];
    const evaluator = compile(snapshotOf([...chain, ...web, ...ends]));
    expect(evaluator.evaluate('f0', {}).rule).toBe('requires');
    expect(evaluator.evaluate('w0', {}).rule).toBe('requires');
    expect(evaluator.evaluate('f4990', {}).variant).toBe('on');
    expect(evaluator.evaluate('w58', {}).variant).toBe('on');
    expect(evaluator.explain('f0', {}).details?.requires.problem).toContain('more than 100');
  });

  test('a web of segments is false instead of slow', () => {
    const segments = Array.from({ length: 40 }, (_, index) => ({
      key: `s${index}`,
      if: { all: [{ segment: `s${index + 1}` }, { segment: `s${index + 1}` }] },
    }));
    const last = { key: 's40', if: { all: [] } };
    const flags = ['s0', 's39'].map((segment) =>
      flagOf(segment, { rules: [{ name: 'in', if: { segment }, serve: 'on' }] }),
    );
    const evaluator = compile(snapshotOf(flags, [...segments, last]));
    expect(evaluator.evaluate('s0', {}).variant).toBe('off');
    expect(evaluator.evaluate('s39', {}).variant).toBe('on');
  });
});

function conflictingPairs(given: Snapshot): readonly (readonly [string, string])[] {
  return Object.values(given.flags).flatMap((flag) =>
    flag.conflicts
      .filter((other) => other !== flag.key && Object.hasOwn(given.flags, other))
      .flatMap((other) => [[flag.key, other] as const, [other, flag.key] as const]),
  );
}

/** Refused when a document is applied: it would turn a way down into a way up. */
function requiresSafe(given: Snapshot): boolean {
  return Object.values(given.flags).some((flag) =>
    flag.requires.some((each) => given.flags[each.flag]?.safe === each.variant),
  );
}

/** A rollout's peak is at least where it stands. */
function withPeaks(given: Snapshot): Snapshot {
  const flags = Object.values(given.flags).map((flag) => {
    if (flag.rollout === undefined) return flag;
    const peak = [...flag.rollout.peak, ...flag.rollout.allocations];
    return { ...flag, rollout: { ...flag.rollout, peak } };
  });
  return snapshotOf(flags, Object.values(given.segments));
}

function rolledBack(flag: SnapshotFlag): SnapshotFlag {
  if (flag.rollout === undefined) return flag;
  const allocations = flag.rollout.allocations.map((each) => ({ ...each, sharePerMillion: 0 }));
  return { ...flag, rollout: { ...flag.rollout, stage: -2, allocations } };
}

function withFlag(given: Snapshot, flag: SnapshotFlag): Snapshot {
  const flags = { ...given.flags, [flag.key]: flag };
  return snapshotOf(Object.values(flags), Object.values(given.segments));
}

function leavesSafe(evaluator: Evaluator, key: string, each: object): boolean {
  const { variant } = evaluator.evaluate(key, { ...each });
  return variant !== undefined && variant !== evaluator.snapshot.flags[key]?.safe;
}

function withoutOverrides(given: Snapshot): Snapshot {
  const flags = Object.values(given.flags).map((flag) => ({ ...flag, overrides: {} }));
  return snapshotOf(flags, Object.values(given.segments));
}
