/** A share of units: exact in millionths, so at most four decimals. */
export const SHARE_PATTERN = '^(100|[0-9]{1,2}([.][0-9]{1,4})?)%$';
export const SHARE_ACCEPTS =
  'a percentage from 0% to 100% with at most four decimals, such as 0.5%';

/** A ratio, which may be above one. */
export const RATIO_PATTERN = '^[0-9]{1,5}([.][0-9]{1,6})?%$';
export const RATIO_ACCEPTS = 'a percentage with at most six decimals, such as 5%';

/** A quantile above the median: what is below it is no slow request. */
export const QUANTILE_PATTERN = '^p[5-9][0-9]([.][0-9]{1,3})?$';
export const QUANTILE_ACCEPTS = 'a quantile from p50 to p99.999, such as p99';

const SHARE = new RegExp(SHARE_PATTERN);
const RATIO = new RegExp(RATIO_PATTERN);
const QUANTILE = new RegExp(QUANTILE_PATTERN);

/** Shares per million of a text such as `2.5%`; undefined for any other text. */
export function parseShare(text: string): number | undefined {
  return SHARE.test(text) ? Math.round(shifted(text.slice(0, -1), 4)) : undefined;
}

/** A share per million as a person writes it: `2.5%`. */
export function shareText(sharePerMillion: number): string {
  return `${shifted(sharePerMillion.toFixed(0), -4)}%`;
}

/** The ratio of a text such as `5%`: 0.05; undefined for any other text. */
export function parseRatio(text: string): number | undefined {
  return RATIO.test(text) ? shifted(text.slice(0, -1), -2) : undefined;
}

/** A ratio as a person writes it; exact for what `parseRatio` gives. */
export function ratioText(ratio: number): string {
  return `${shifted(ratio.toFixed(8), 2)}%`;
}

/** The quantile of a text such as `p99.9`: 0.999; undefined for any other text. */
export function parseQuantile(text: string): number | undefined {
  return QUANTILE.test(text) ? shifted(text.slice(1), -2) : undefined;
}

/** A quantile as a person writes it; exact for what `parseQuantile` gives. */
export function quantileText(quantile: number): string {
  return `p${shifted(quantile.toFixed(8), 2)}`;
}

/** The decimal point moved in the text, not by a product: 99.9 / 100 is not 0.999 in doubles. */
function shifted(decimal: string, places: number): number {
  return Number(`${decimal}e${places}`);
}
