import { DURATION_ACCEPTS, parseDuration } from './duration.ts';
import { KEY_ACCEPTS, KEY_PATTERN } from './key.ts';
import {
  parseQuantile,
  parseRatio,
  parseShare,
  QUANTILE_ACCEPTS,
  RATIO_ACCEPTS,
  SHARE_ACCEPTS,
} from './percentage.ts';
import { numberOf, parsedBy, type Reader, textOf, wrongType, wrongValue } from './reader.ts';

/** Owners and names of services, metrics and attributes are the outside world's, so nearly free. */
export const NAME_MOST = 200;

export const readKey = textOf({ pattern: KEY_PATTERN, accepted: KEY_ACCEPTS });
export const readName = textOf({
  most: NAME_MOST,
  accepted: `a text of 1 to ${NAME_MOST} characters`,
});
export const readShare = parsedBy(parseShare, SHARE_ACCEPTS);
export const readRatio = parsedBy(parseRatio, RATIO_ACCEPTS);
export const readQuantile = parsedBy(parseQuantile, QUANTILE_ACCEPTS);

/** True or false. */
export const readYesNo: Reader<boolean> = (value, path, problems) => {
  if (typeof value === 'boolean') return value;
  return wrongType(value, { path, accepted: 'true or false' }, problems);
};

/** The one word that takes something away. */
export const readTrue: Reader<true> = (value, path, problems) =>
  value === true ? value : wrongValue(value, { path, accepted: 'true' }, problems);

/** The version that a document was read at. */
export const readVersion = numberOf({ least: 0, most: Number.MAX_SAFE_INTEGER, whole: true });

const YEAR_MS = 365 * 86_400_000;

/** A duration within bounds, in milliseconds. */
function durationWithin({ leastMs }: { readonly leastMs: number }): Reader<number> {
  const accepted =
    leastMs > 0 ? `${DURATION_ACCEPTS}; more than 0, at most 365d` : DURATION_ACCEPTS;
  const read = parsedBy(parseDuration, accepted);
  return (value, path, problems) => {
    const durationMs = read(value, path, problems);
    if (durationMs === undefined || (durationMs >= leastMs && durationMs <= YEAR_MS))
      return durationMs;
    return wrongValue(value, { path, accepted }, problems);
  };
}

/** A duration that may be nothing. */
export const readWait = durationWithin({ leastMs: 0 });
/** A duration that must be something. */
export const readLength = durationWithin({ leastMs: 1 });
