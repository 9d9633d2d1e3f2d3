import { describe, expect, it } from 'vitest';
import type { DomainError } from '../../src/error/types.ts';
import { fillQuery, windowText } from '../../src/source/query.ts';
import { readOtlpSource, readPrometheusSource } from '../../src/source/read-source.ts';

const total = 'sum(increase(http_requests_total{variant="$arm"}[$window]))';
const bad = 'sum(increase(http_requests_total{variant="$arm",code=~"5.."}[$window]))';

function read(queries: object, more: object = {}) {
  const problems: DomainError[] = [];
  const value = { type: 'prometheus', server: 'main', queries, ...more };
  const source = readPrometheusSource(value, '/source', problems);
  return { source, problems };
}

function codes({ problems }: { readonly problems: readonly DomainError[] }) {
  return problems.map(({ code, path }) => [code, path]);
}

describe('the source of a metric', () => {
  it('takes counts per arm and reads half a minute back unless told otherwise', () => {
    expect(read({ bad, total }).source).toEqual({
      type: 'prometheus',
      server: 'main',
      queries: { bad, total },
      delayMs: 30_000,
      scrapeMs: 15_000,
    });
    expect(read({ bad, total }, { delay: '5s' }).source?.delayMs).toBe(5_000);
  });

  it.each([
    ['an unknown placeholder', 'up{a="$shard"}[$window]', 'query_placeholder_unknown'],
    ['an open bracket', 'sum(increase(a[$window])', 'query_unbalanced'],
    ['an open quote', 'increase(a{b="c}[$window])', 'query_unbalanced'],
    ['a closing bracket too many', 'increase(a[$window]))', 'query_unbalanced'],
    ['samples of before the batch', 'sum(rate(a{b="$arm"}[5m]))', 'query_window_missing'],
  ])('refuses %s, and says where (invariant 12)', (_, query, code) => {
    expect(codes(read({ value: query }))).toEqual([[code, '/source/queries/value']]);
  });

  it('refuses one query per arm beside one for the service', () => {
    const service = 'sum(increase(http_requests_total[$window]))';
    expect(codes(read({ bad, total: service }))).toEqual([['query_arm_mixed', '/source/queries']]);
  });

  it('knows that brackets within quotes are text', () => {
    expect(codes(read({ value: 'avg_over_time(a{b="(["}[$window])' }))).toEqual([]);
  });

  it('asks of slow requests how long that is, and of errors not', () => {
    const problems: DomainError[] = [];
    readOtlpSource({ type: 'otlp', of: 'slow' }, '/source', problems);
    readOtlpSource({ type: 'otlp', of: 'errors', above: '1s' }, '/source', problems);
    expect(codes({ problems })).toEqual([
      ['source_above_misplaced', '/source/above'],
      ['source_above_misplaced', '/source/above'],
    ]);
  });

  it('fills the placeholders in, and cannot be broken out of by a name', () => {
    const facts = { arm: 'a"} or b{', flag: 'f', environment: 'e', rollout: 'r', window: '60s' };
    expect(fillQuery(total, facts)).toBe(
      'sum(increase(http_requests_total{variant="a\\"} or b{"}[60s]))',
    );
    expect([windowText(60_000), windowText(1_500)]).toEqual(['60s', '1500ms']);
  });
});
