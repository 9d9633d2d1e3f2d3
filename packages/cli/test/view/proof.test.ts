import { describe, expect, it } from 'vitest';
import { createStyle } from '../../src/output/style.ts';
import { proofLines } from '../../src/view/proof.ts';
import { proofAnswer } from '../support/rollout-answer.ts';

const missing = ['a', 'b', 'c'].map((name) => ({ name, why: 'last acknowledged version 3' }));
const proof = proofAnswer([
  { clock: 'reached', outcome: 'missed', deadlineAtMs: 0, statement: '0 of 3', missing },
]);
const lines = (most?: number): string[] => proofLines(proof, createStyle(false), most);

describe('proofLines', () => {
  it('names everyone whom a clock misses', () => {
    expect(lines()).toEqual([
      '  reached    missed   0 of 3',
      ...missing.map(({ name, why }) => `    missing  ${name}: ${why}`),
    ]);
  });

  it('counts those beyond the limit', () => {
    expect(lines(2).slice(2)).toEqual([
      '    missing  b: last acknowledged version 3',
      '    missing  and 1 more',
    ]);
    expect(lines(3)).toEqual(lines());
  });
});
