import { readScenario } from '@downhaul/control';
import { describe, expect, it } from 'vitest';

const ONSET = { fromPerMillion: 0, afterMs: 0, overMs: 0 };

function read(text: string) {
  const result = readScenario(text);
  return result.ok ? result.value : expect.fail(`not understood: ${text}`);
}

describe('a scenario', () => {
  it('of nothing is healthy', () => {
    expect(read('healthy')).toEqual({
      text: 'healthy',
      effects: [],
      losses: [],
      trafficFactor: 1,
    });
  });

  it.each([
    ['errors x3', 'http.error_rate', { kind: 'times', factor: 3 }],
    ['errors +20%', 'http.error_rate', { kind: 'times', factor: 1.2 }],
    ['order.placed -3%', 'order.placed', { kind: 'times', factor: 0.97 }],
    ['errors hit 0.05%', 'http.error_rate', { kind: 'hit', share: 0.0005 }],
    ['latency slow 20% by 1500ms', 'http.latency', { kind: 'slow', share: 0.2, byMs: 1500 }],
  ])('%s changes %s', (text, metric, change) => {
    expect(read(text).effects).toEqual([{ metric, change, reach: 1, shared: false, onset: ONSET }]);
  });

  it('may begin late, grow, and reach some units only', () => {
    expect(read('errors x5 from 25% after 10m over 2h on 5% shared').effects[0]).toEqual({
      metric: 'http.error_rate',
      change: { kind: 'times', factor: 5 },
      reach: 0.05,
      shared: true,
      onset: { fromPerMillion: 250_000, afterMs: 600_000, overMs: 7_200_000 },
    });
  });

  it('may touch every guardrail, lose telemetry and have little traffic', () => {
    const { effects, losses, trafficFactor } = read(
      'everything x2 and lost control 50% from 5% and crash 8% and traffic x0.1',
    );
    expect(effects[0]?.metric).toBeUndefined();
    expect(losses).toEqual([
      { arm: 'control', share: 0.5, crashed: false, onset: { ...ONSET, fromPerMillion: 50_000 } },
      { arm: 'treatment', share: 0.08, crashed: true, onset: ONSET },
    ]);
    expect(trafficFactor).toBe(0.1);
  });

  it.each([
    '',
    'errors',
    'errors x',
    'errors x-2',
    'errors -200%',
    'errors x2 from',
    'errors x2 sideways',
    'errors hit 120%',
    'latency slow 20%',
    'lost everything',
    'crash',
    'traffic x0',
    'errors x2 and',
    'healthy from 5%',
    'x'.repeat(400),
  ])('«%s» is refused, and what is accepted is said', (text) => {
    const result = readScenario(text, '/scenarios/0');
    if (result.ok) expect.fail('understood');
    expect(result.problems[0]).toMatchObject({ code: 'scenario_invalid', path: '/scenarios/0' });
    expect(result.problems[0]?.accepted).toContain('from SHARE');
  });
});
