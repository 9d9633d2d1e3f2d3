import { describe, expect, it } from 'vitest';
import { formatDuration, formatShare, parseDurationMs } from '../../src/output/figures.ts';

describe('parseDurationMs', () => {
  it.each([
    ['250ms', 250],
    ['30s', 30_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
  ])('%s', (text, durationMs) => {
    expect(parseDurationMs(text)).toBe(durationMs);
  });

  it.each(['', '30', 's', '-1s', '1y', '1 h', '1h x'])('refuses %j', (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [400, '0.4s'],
    [9_949, '9.9s'],
    [45_000, '45s'],
    [3_600_000, '1h'],
    [5_400_000, '1h 30m'],
    [90_061_000, '1d 1h'],
    [86_460_000, '1d'],
    [-5, '0s'],
  ])('%d', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });
});

describe('formatShare', () => {
  it.each([
    [0, '0%'],
    [1, '0.0001%'],
    [10_000, '1%'],
    [125_000, '12.5%'],
    [100_000, '10%'],
    [1_000_000, '100%'],
  ])('%d', (sharePerMillion, text) => {
    expect(formatShare(sharePerMillion)).toBe(text);
  });
});
