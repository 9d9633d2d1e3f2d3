import { describe, expect, it } from 'vitest';
import { newestMsOf } from '../../src/otlp/pieces.ts';
import { toldBy } from '../../src/otlp/told.ts';

const NOW_MS = 1_700_000_000_000;
const HOUR_MS = 3_600_000;

function newest(...timesMs: readonly number[]): number | undefined {
  const told = toldBy(new Map());
  for (const atMs of timesMs)
    told.evaluations.push({ traceId: '', flag: 'f', variant: 'on', atMs });
  return newestMsOf(told, NOW_MS);
}

describe('the newest time of an export', () => {
  it('is that of the clock, also hours ahead', () => {
    expect(newest(NOW_MS + HOUR_MS, NOW_MS + HOUR_MS - 10)).toBe(NOW_MS + HOUR_MS);
    expect(newest()).toBeUndefined();
  });

  it('is not one broken time beyond all others', () => {
    expect(newest(NOW_MS - 20, NOW_MS - 10, NOW_MS + HOUR_MS)).toBe(NOW_MS - 10);
    expect(newest(NOW_MS, NOW_MS + 400 * 24 * HOUR_MS)).toBe(NOW_MS);
  });

  it('is the one fresh time among those that waited', () => {
    expect(newest(NOW_MS - HOUR_MS, NOW_MS - HOUR_MS, NOW_MS)).toBe(NOW_MS);
  });
});

describe('the name of a process', () => {
  it.each([
    [{ 'service.instance.id': 'i', 'host.name': 'h', 'process.pid': 7 }, 'i', true],
    [{ 'k8s.pod.name': 'pod-7' }, 'pod-7', true],
    [{ 'host.name': 'h', 'process.pid': 7 }, 'h/7', true],
    [{ 'host.name': 'h' }, 'shop', false],
    [{}, 'shop', false],
  ])('of %j is %s', (attributes, instance, isNamed) => {
    const told = toldBy(new Map(Object.entries({ 'service.name': 'shop', ...attributes })));
    expect(told).toMatchObject({ instance, isNamed });
  });
});
