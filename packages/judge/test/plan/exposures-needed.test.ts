import { describe, expect, it } from 'vitest';
import { exposuresNeeded, exposuresToDetect, JudgeInputError } from '../../src/index.ts';

const SHARES = [0.01, 0.05, 0.25, 0.5];

describe('exposures needed for non-inferiority when nothing changes, alpha 0.05', () => {
  it.each([
    [1e-3, 1e-3, [9_803, 9_971, 11_022, 13_257]],
    [1e-3, 5e-4, [31_878, 32_666, 37_760, 49_359]],
    [1e-3, 2e-4, [170_802, 176_457, 213_598, 301_059]],
    [1e-5, 1e-4, [39_429, 39_517, 40_011, 40_811]],
    [1e-5, 2e-5, [333_172, 336_591, 357_232, 396_862]],
  ])('rate %d, margin %d', (baselineRate, excess, expected) => {
    const found = SHARES.map((share) =>
      exposuresNeeded({ baselineRate, null: { ratio: 1, excess }, share, alpha: 0.05 }),
    );
    expect(found).toEqual(expected);
  });

  it('is out of reach where the truth is not inside the margin', () => {
    const plan = { baselineRate: 1e-3, share: 0.5, alpha: 0.05 };
    expect(exposuresNeeded({ ...plan, null: { ratio: 1, excess: 0 } })).toBe(Infinity);
    const double = { ...plan, null: { ratio: 1, excess: 1e-3 }, truthRatio: 2 };
    expect(exposuresNeeded(double)).toBe(Infinity);
  });

  it('falls with a wider margin and with a better truth', () => {
    const plan = { baselineRate: 1e-3, share: 0.05, alpha: 0.05 };
    const at = (excess: number, truthRatio: number) =>
      exposuresNeeded({ ...plan, null: { ratio: 1.05, excess }, truthRatio });
    expect(at(1e-3, 1)).toBeLessThan(at(5e-4, 1));
    expect(at(5e-4, 0.5)).toBeLessThan(at(5e-4, 1));
  });
});

describe('exposures to detect harm, alpha 0.01', () => {
  it.each([
    [1e-3, 2, 12_078, 27_106],
    [1e-3, 1.2, 247_777, 505_870],
    [1e-5, 10, 33_781, 107_759],
    [1e-5, 3, 360_916, 880_113],
  ])('rate %d times %d', (baselineRate, truthRatio, atOne, atHalf) => {
    const found = [0.01, 0.5].map((share) =>
      exposuresToDetect({
        baselineRate,
        null: { ratio: 1, excess: 0 },
        share,
        alpha: 0.01,
        truthRatio,
      }),
    );
    expect(found).toEqual([atOne, atHalf]);
  });
});

describe('what is refused', () => {
  const plan = { baselineRate: 1e-3, null: { ratio: 1, excess: 1e-3 }, share: 0.5, alpha: 0.05 };
  it.each([
    [{ share: 1 }, 'share_out_of_range', 'share'],
    [{ share: Number.NaN }, 'share_out_of_range', 'share'],
    [{ alpha: 0 }, 'alpha_out_of_range', 'alpha'],
    [{ baselineRate: 1.5 }, 'share_out_of_range', 'baselineRate'],
    [{ baselineRate: 0, null: { ratio: 1, excess: 0 } }, 'margin_unmeetable', 'null.excess'],
    [{ null: { ratio: 0, excess: 0 } }, 'null_ratio_invalid', 'null.ratio'],
    [{ null: { ratio: 1, excess: 1 } }, 'null_impossible', 'null.excess'],
    [{ truthRatio: -1 }, 'number_out_of_range', 'truthRatio'],
  ])('%j', (change, code, field) => {
    const call = () => exposuresNeeded({ ...plan, ...change });
    expect(call).toThrow(JudgeInputError);
    expect(call).toThrow(expect.objectContaining({ code, field }));
  });
});
