import { describe, expect, it } from 'vitest';
import { freshness } from '../../src/index.ts';

const BATCH_MS = 60_000;
const LIMIT_MS = 5 * BATCH_MS;
const NOW_MS = 100 * BATCH_MS;

function at(
  treatment: { share: number; agoMs: number | null },
  control: { share: number; agoMs: number | null },
  sinceAgoMs = 50 * BATCH_MS,
) {
  const arm = (name: 'treatment' | 'control', { share, agoMs }: typeof treatment) => ({
    arm: name,
    sharePerMillion: share,
    lastUnitAtMs: agoMs === null ? null : NOW_MS - agoMs,
  });
  return freshness({
    nowMs: NOW_MS,
    batchMs: BATCH_MS,
    sinceMs: NOW_MS - sinceAgoMs,
    arms: [arm('treatment', treatment), arm('control', control)],
  });
}

describe('freshness', () => {
  const live = { share: 500_000, agoMs: BATCH_MS };
  const silent = { share: 500_000, agoMs: LIMIT_MS + 1 };
  const never = { share: 500_000, agoMs: null };
  const unserved = { share: 0, agoMs: null };

  it.each([
    [live, live, 'fresh'],
    [silent, live, 'blind:treatment'],
    [live, silent, 'blind:control'],
    [silent, silent, 'blind:both'],
    [never, live, 'blind:treatment'],
    [live, unserved, 'fresh'],
    [unserved, live, 'fresh'],
    [unserved, unserved, 'fresh'],
  ])('treatment %j, control %j', (treatment, control, expected) => {
    expect(at(treatment, control)).toBe(expected);
  });

  it('holds on both sides of the limit: five batches are fresh, a millisecond more is not', () => {
    expect(at({ share: 1, agoMs: LIMIT_MS }, live)).toBe('fresh');
    expect(at({ share: 1, agoMs: LIMIT_MS + 1 }, live)).toBe('blind:treatment');
  });

  it('gives a new stage five batches before its silence counts', () => {
    expect(at(never, never, LIMIT_MS)).toBe('fresh');
    expect(at(silent, never, LIMIT_MS + 1)).toBe('blind:both');
  });

  it('cannot tell one arm from everything when only one is served', () => {
    expect(at(silent, unserved)).toBe('blind:both');
  });
});
