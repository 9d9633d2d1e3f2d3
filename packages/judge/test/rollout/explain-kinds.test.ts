import { describe, expect, it } from 'vitest';
import {
  absorbMeans,
  absorbRequests,
  assessTotals,
  enterStage,
  explain,
  type Hypothesis,
  type JudgeState,
  type Moments,
  NO_MOMENTS,
} from '../../src/index.ts';
import { judgeOf } from '../support/judge.ts';
import { beginAll, KINDS, values } from '../support/kinds.ts';

function of(state: JudgeState, id: string) {
  const found = explain(assessTotals(state)).find(({ hypothesis }) => hypothesis === id);
  if (found === undefined) throw new Error(`nothing is said of ${id}`);
  return found;
}

function means(fresh: Moments, control: Moments) {
  const state = beginAll();
  const place = { hypothesis: 'latency', stage: 0, stratum: '0' };
  absorbMeans(state, { ...place, treatment: { fresh, carried: NO_MOMENTS }, control });
  return of(state, 'latency');
}

function requests(times: number, [nT, xT, nC, xC]: readonly [number, number, number, number]) {
  const state = beginAll();
  for (let time = 0; time < times; time += 1) {
    const burst = times > 30 && time % 3 !== 0 ? 0 : 1;
    absorbRequests(state, {
      hypothesis: 'denied',
      stage: 0,
      stratum: '0',
      treatment: { exposure: nT, events: xT * burst },
      control: { exposure: nC, events: xC * burst },
    });
  }
  return of(state, 'denied');
}

describe('explain a mean', () => {
  it('by how much it changed, and between which bounds', () => {
    const { text, approximate, totals } = means(values(20_000, 104.2), values(80_000, 100));
    expect(text).toMatch(
      /^latency: 104 on average over 20000 treatment units against 100 over 80000 in control; treatment is worse: 4\.2 % higher on average, between \+[23]\.\d % and \+[56]\.\d % with 99 % certainty$/,
    );
    expect(approximate).toBe(false);
    expect(totals).toMatchObject({
      kind: 'mean',
      stage: -1,
      ratio: { estimate: expect.closeTo(1.042, 6) as number },
    });
  });

  it('that fell', () => {
    expect(means(values(20_000, 96), values(80_000, 100)).text).toContain(
      'treatment is better: 4.0 % lower on average, between -',
    );
  });

  it('by its difference where control is about nothing', () => {
    const { text } = means(values(20_000, 1), values(80_000, 0));
    expect(text).toMatch(/the difference is 1, between -?\d.* and \d.* with 99 % certainty$/);
  });

  it.each<[string, Moments, Moments, string]>([
    ['nothing', NO_MOMENTS, values(10, 1), 'no treatment unit has been counted yet'],
    ['no control', values(10, 1), NO_MOMENTS, 'there is no control to compare with'],
    ['too little', values(10, 1), values(10, 1), 'not enough units in both arms'],
  ])('says so when there is %s', (_, fresh, control, expected) => {
    expect(means(fresh, control).text).toContain(expected);
  });
});

describe('explain requests', () => {
  it('says first that it is approximate', () => {
    const { text, approximate, totals } = requests(30, [1_000, 21, 9_000, 90]);
    expect(text).toMatch(
      /^denied: approximate, by request: bad are 2\.1 % of 30000 in treatment against 1 % of 270000 in control; treatment fails 2\.1 times as often as control, at least 1\.\d times with 99 % certainty; 330 more than control would have had$/,
    );
    expect(approximate).toBe(true);
    expect(totals).toMatchObject({ kind: 'requests', approximate: true, clustered: false });
  });

  it('tells one figure per batch by its average', () => {
    const own = { ...KINDS[2], weight: 1, values: true } as Hypothesis;
    const state = judgeOf([own]);
    enterStage(state, { stage: 0, nonInferiority: {} });
    for (let batch = 0; batch < 4; batch += 1) {
      absorbRequests(state, {
        hypothesis: 'denied',
        stage: 0,
        stratum: '0',
        treatment: { exposure: 1, events: 250 + batch },
        control: { exposure: 1, events: 200 },
      });
    }
    expect(of(state, 'denied').text).toBe(
      'denied: approximate, one figure per batch: 252 on average in treatment against 200 in control; 1.26 times control; only the spread between batches is believed',
    );
  });

  it('names no bounds where events come in clusters', () => {
    const { text } = requests(60, [1_000, 30, 9_000, 270]);
    expect(text).toContain('they come in clusters');
    expect(text).not.toContain('certainty');
  });

  it.each<[string, readonly [number, number, number, number], string]>([
    ['nothing', [0, 0, 10, 1], 'no treatment request has been counted yet'],
    ['no control', [10, 1, 0, 0], 'there is no control to compare with'],
  ])('says so when there is %s', (_, quad, expected) => {
    expect(requests(1, quad).text).toContain(expected);
  });
});
