import { describe, expect, it } from 'vitest';
import { createTraceJoin } from '../../src/otlp/trace-join.ts';

const evaluation = { traceId: 'a', flag: 'f', variant: 'on', atMs: 1 };
const request = { traceId: 'a', spanId: 's', endMs: 2, durationMs: 1, failed: false };
const nothing = { key: 'storefront', evaluations: [], requests: [], nowMs: 0 };

describe('joining by trace', () => {
  it('finds the other half whichever comes first, over exports', () => {
    const join = createTraceJoin();
    expect(join.add({ ...nothing, evaluations: [evaluation] })).toEqual([{ evaluation }]);
    expect(join.add({ ...nothing, requests: [request] })).toEqual([{ evaluation, request }]);
    const other = createTraceJoin();
    expect(other.add({ ...nothing, requests: [request] })).toEqual([]);
    expect(other.add({ ...nothing, evaluations: [evaluation] })).toEqual([
      { evaluation },
      { evaluation, request },
    ]);
  });

  it('counts a span once that an exporter sends again', () => {
    const join = createTraceJoin();
    const told = { ...nothing, evaluations: [evaluation], requests: [request] };
    expect(join.add(told)).toHaveLength(2);
    expect(join.add(told)).toEqual([]);
  });

  it('joins no request of another service', () => {
    const join = createTraceJoin();
    join.add({ ...nothing, evaluations: [evaluation] });
    expect(join.add({ ...nothing, key: 'payments', requests: [request] })).toEqual([]);
  });

  it('takes the first of two evaluations of a flag in one trace', () => {
    const join = createTraceJoin();
    const second = { ...evaluation, variant: 'off' };
    const told = { ...nothing, evaluations: [evaluation, second], requests: [request] };
    expect(join.add(told)).toEqual([{ evaluation }, { evaluation, request }]);
  });

  it('forgets the oldest beyond its bounds, and counts what was lost', () => {
    const join = createTraceJoin({ maxTraces: 1, keepMs: 1_000 });
    join.add({ ...nothing, evaluations: [evaluation] });
    join.add({ ...nothing, evaluations: [{ ...evaluation, traceId: 'b' }] });
    expect([join.waiting, join.lost]).toEqual([1, 1]);
    join.add({ ...nothing, nowMs: 2_000 });
    expect([join.waiting, join.lost]).toEqual([0, 2]);
  });
});
