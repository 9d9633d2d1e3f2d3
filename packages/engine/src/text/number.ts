import { type PlaceOf, shown, type TextProblem, textProblem } from './problem.ts';

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * What is wrong with a number as it is written; undefined if it can be kept. `0.1`, `1.0` and `1e3` can:
 * the double that stands for them is written as the same number again. Integers beyond 2^53 - 1 cannot
 * (RFC 8259, section 6): their neighbours would be the same number.
 */
export function numberProblem(text: string, place: PlaceOf): TextProblem | undefined {
  const value = Number(text);
  // Most are written as they are given back.
  if (String(value) === text && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return undefined;
  if (!JSON_NUMBER.test(text))
    return textProblem('text_number_form', { number: shown(text) }, place);
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER && isSameDecimal(text, String(value)))
    return undefined;
  return textProblem('text_number', { number: shown(text), kept: String(value) }, place);
}

function isSameDecimal(a: string, b: string): boolean {
  const [x, y] = [decimalOf(a), decimalOf(b)];
  return x.digits === y.digits && (x.digits === '' || x.exponent === y.exponent);
}

/** The significant digits, and the power of ten of the last of them. The sign is kept by any double. */
function decimalOf(text: string): { readonly digits: string; readonly exponent: number } {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const all = (whole + fraction).replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  return { digits, exponent: Number(power) - fraction.length + all.length - digits.length };
}
