import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinBaggage, readBaggage, writeUnits } from '../../src/scope/baggage.ts';

const hash = fc.stringMatching(/^[0-9a-f]{16}$/);
const attribute = fc.string({ minLength: 1, maxLength: 30, unit: 'binary' });
const units = fc.array(fc.record({ attribute, hash }), { minLength: 1, maxLength: 8 });

describe('baggage', () => {
  it('brings every unit back, among members of others', () => {
    const foreign = fc.constantFrom('', 'a=1', 'a=1,b=2;p=3', 'downhaul-units-not=1');
    fc.assert(
      fc.property(units, foreign, (given, others) => {
        const header = joinBaggage(others, writeUnits(given));
        expect(readBaggage(header, true)).toEqual({
          units: given,
          foreign: others,
          synthetic: false,
        });
      }),
    );
  });

  it('is a header value by RFC 9110 for every attribute', () => {
    fc.assert(
      fc.property(units, (given) => {
        expect(writeUnits(given)).toMatch(/^[\x21-\x7e]*$/);
      }),
    );
  });

  it('never throws, and believes nothing but hashes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const { hash } of readBaggage(`downhaul-units=${text}`, true).units) {
          expect(hash).toMatch(/^[0-9a-f]{16}$/);
        }
      }),
    );
    expect(readBaggage('downhaul-units=%zz', true).units).toEqual([]);
    expect(readBaggage('downhaul-units=targetingKey.tooshort', true).units).toEqual([]);
  });

  it('leaves out what has no encoding', () => {
    expect(writeUnits([{ attribute: '\ud800', hash: '0123456789abcdef' }])).toBe('');
  });

  it('is not believed unless it is trusted, and our member is not handed on then', () => {
    const header = 'a=1,downhaul-units=targetingKey.0123456789abcdef,b=2';
    expect(readBaggage(header, false)).toEqual({ units: [], foreign: 'a=1,b=2', synthetic: false });
  });

  it('drops what is longer than anybody has to carry', () => {
    expect(readBaggage(`a=${'x'.repeat(9_000)}`, true)).toEqual({
      units: [],
      foreign: '',
      synthetic: false,
    });
    expect(joinBaggage(`a=${'x'.repeat(8_180)}`, 'downhaul-units=u')).toBe('downhaul-units=u');
  });
});
