import { describe, expect, it } from 'vitest';
import { createSeries } from '../../src/otlp/series.ts';

const point = {
  instrument: 'duration',
  flag: 'f',
  variant: 'on',
  failed: false,
  series: 's',
  cumulative: true,
  startMs: 100,
  timeMs: 200,
  count: 10,
  buckets: [6, 4],
  boundsMs: [50],
};

describe('what points add', () => {
  it('is all of a delta', () => {
    const series = createSeries(0);
    const delta = { ...point, cumulative: false };
    expect([series.added(delta, 'p'), series.added(delta, 'p')]).toEqual([delta, delta]);
  });

  it('is the difference to the export before, of a cumulative series', () => {
    const series = createSeries(0);
    expect(series.added(point, 'p')).toMatchObject({ startMs: 100, count: 10 });
    const later = { ...point, timeMs: 300, count: 13, buckets: [7, 6] };
    expect(series.added(later, 'p')).toMatchObject({ startMs: 200, count: 3, buckets: [1, 2] });
  });

  it('is nothing when the same export comes again', () => {
    const series = createSeries(0);
    series.added(point, 'p');
    expect(series.added(point, 'p')).toBeUndefined();
  });

  it('is everything since a process began anew', () => {
    const series = createSeries(0);
    series.added(point, 'p');
    const anew = { ...point, startMs: 250, timeMs: 300, count: 4, buckets: [4, 0] };
    expect(series.added(anew, 'p')).toMatchObject({ startMs: 250, count: 4 });
  });

  it('is unknown of a series that was there before this server', () => {
    const series = createSeries(150);
    expect(series.added(point, 'p')).toBeUndefined();
    const later = { ...point, timeMs: 300, count: 13, buckets: [7, 6] };
    expect(series.added(later, 'p')).toMatchObject({ count: 3 });
  });

  it('is told apart by process', () => {
    const series = createSeries(0);
    series.added(point, 'p');
    expect(series.added(point, 'q')).toMatchObject({ count: 10 });
  });
});
