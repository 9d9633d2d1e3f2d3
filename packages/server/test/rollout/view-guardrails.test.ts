import type { Evidence } from '@downhaul/control';
import { describe, expect, it } from 'vitest';
import { totalsView } from '../../src/rollout/view-guardrails.ts';

type Totals = Evidence['totals'][number];

const OF = { hypothesis: 'h@60000', stage: -1 };
const RATIO = { estimate: 2, lower: 1.2, upper: Infinity };

describe('the figures of a guardrail, for people', () => {
  it.each<[string, Totals | undefined, object]>([
    [
      'a share',
      {
        ...OF,
        kind: 'share',
        treatment: { units: 100, bad: 4 },
        control: { units: 300, bad: 6 },
        excessBad: 2,
        ratio: RATIO,
      },
      {
        kind: 'share',
        treatment: { units: 100, bad: 4 },
        control: { units: 300, bad: 6 },
        ratio: { estimate: 2, lower: 1.2, upper: null },
        excessBad: 2,
      },
    ],
    [
      'requests, which are approximate',
      {
        ...OF,
        kind: 'requests',
        approximate: true,
        treatment: { exposure: 100.5, events: 4 },
        control: { exposure: 300, events: 6 },
        excessEvents: 2,
        ratio: RATIO,
        clustered: false,
        values: false,
      },
      {
        kind: 'requests',
        approximate: true,
        treatment: { units: 100.5, bad: 4 },
        control: { units: 300, bad: 6 },
        ratio: { estimate: 2, lower: 1.2, upper: null },
        excessBad: 2,
      },
    ],
    [
      'a mean that is not told apart yet',
      {
        ...OF,
        kind: 'mean',
        worse: 'higher',
        treatment: { units: 10, mean: 104 },
        control: { units: 30, mean: 100 },
        difference: null,
        ratio: null,
      },
      {
        kind: 'mean',
        treatment: { units: 10, mean: 104 },
        control: { units: 30, mean: 100 },
        ratio: { estimate: null, lower: 0, upper: null },
        excessBad: 0,
      },
    ],
    [
      'nothing',
      undefined,
      {
        kind: 'share',
        treatment: { units: 0, bad: 0 },
        control: { units: 0, bad: 0 },
        ratio: { estimate: null, lower: 0, upper: null },
        excessBad: 0,
      },
    ],
  ])('%s', (_, totals, view) => {
    expect(totalsView(totals)).toEqual(view);
  });

  it('a mean with its difference', () => {
    const difference = { estimate: 4, lower: 1, upper: 7 };
    const view = totalsView({
      ...OF,
      kind: 'mean',
      worse: 'higher',
      treatment: { units: 1_000, mean: 104 },
      control: { units: 3_000, mean: 100 },
      difference,
      ratio: { estimate: 1.04, lower: 1.01, upper: 1.07 },
    });
    expect(view).toMatchObject({ difference, ratio: { estimate: 1.04, lower: 1.01, upper: 1.07 } });
  });
});
