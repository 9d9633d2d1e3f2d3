import { describe, expect, it } from 'vitest';
import {
  absorbBatch,
  createProcess,
  HARM_MIXTURE,
  logE,
  NON_INFERIORITY_MIXTURE,
} from '../../src/index.ts';
import { counts, type Quad } from '../support/judge.ts';

/** 3 of 100 units do what is wanted; the others are the «bad» ones. It may get 2 % rarer. */
const MAY_FALL = { ratio: 0.98, excess: 0.02 };

function evidence(mixture: typeof HARM_MIXTURE, excess: number, done: readonly Quad[]): number {
  const process = createProcess({ ...MAY_FALL, excess: MAY_FALL.excess + excess }, 0.97, mixture);
  for (const [nT, goodT, nC, goodC] of done) {
    absorbBatch(process, mixture, counts([nT, nT - goodT, nC, nC - goodC]));
  }
  return logE(process, mixture);
}

const times = (n: number, quad: Quad) => Array.from({ length: n }, () => quad);

describe('a rare success', () => {
  it('that becomes half as frequent is harm after a few dozen missing ones', () => {
    expect(evidence(HARM_MIXTURE, 0, times(2, [1000, 15, 19_000, 570]))).toBeGreaterThan(
      Math.log(100),
    );
  });

  it('that stays as frequent is not inferior at a margin of a third', () => {
    const found = evidence(NON_INFERIORITY_MIXTURE, 0.01, times(3, [1000, 30, 3_000, 90]));
    expect(found).toBeGreaterThan(Math.log(20));
  });

  it('that stays as frequent is no evidence of harm', () => {
    expect(evidence(HARM_MIXTURE, 0, times(50, [1000, 30, 19_000, 570]))).toBeLessThan(0);
  });

  it('that gets more frequent is evidence against harm', () => {
    const usual = evidence(HARM_MIXTURE, 0, [[1000, 30, 9_000, 270]]);
    expect(evidence(HARM_MIXTURE, 0, [[1000, 40, 9_000, 270]])).toBeLessThan(usual);
  });
});
