import {
  compareVersions,
  packPlainVersion,
  packVersion,
  parseVersion,
  type Version,
} from './version.ts';

const COMPARATOR = /^(\^|~|<=|>=|!=|<|>|=)?(.+)$/;
const BELOW = 1;
const SAME = 2;
const ABOVE = 4;
const ACCEPTED: Readonly<Record<string, number>> = {
  '<': BELOW,
  '<=': BELOW | SAME,
  '=': SAME,
  '!=': BELOW | ABOVE,
  '>=': ABOVE | SAME,
  '>': ABOVE,
};

interface Comparator {
  readonly accepted: number;
  readonly version: Version;
  /** NaN if a part is too large. */
  readonly packed: number;
}

/**
 * Compiles comparators joined by spaces, all of which must hold: `= != < <= > >=` by semver's
 * precedence, `^` up to the next breaking version, `~` up to the next minor (`~1`: major) version. A bare
 * version means `=`. Unlike in npm a pre-release is in every range that its precedence is in, and the
 * upper end of `^` and `~` leaves out the pre-releases of the version above. Undefined if not a range.
 */
export function compileRange(text: string): ((version: string) => boolean) | undefined {
  if (text.length > 256) return undefined;
  const comparators: Comparator[] = [];
  for (const word of text
    .replace(/([\^~<>=])\s+/g, '$1')
    .trim()
    .split(/\s+/)) {
    const parsed = parseComparator(word);
    if (parsed === undefined) return undefined;
    comparators.push(...parsed);
  }
  const [only] = comparators;
  if (comparators.length === 1 && only !== undefined) return (version) => accepts(only, version);
  return (version) => comparators.every((comparator) => accepts(comparator, version));
}

function parseComparator(word: string): Comparator[] | undefined {
  const match = COMPARATOR.exec(word);
  const version = match === null ? undefined : parseVersion(match[2]!);
  if (version === undefined) return undefined;
  const sign = match?.[1] ?? '=';
  if (sign !== '^' && sign !== '~') return [comparator(sign, version)];
  const above = sign === '^' ? nextBreaking(version) : nextMinor(version);
  return [comparator('>=', version), comparator('<', above)];
}

function comparator(sign: string, version: Version): Comparator {
  return { accepted: ACCEPTED[sign] ?? 0, version, packed: packVersion(version) };
}

function accepts({ accepted, packed, version }: Comparator, text: string): boolean {
  const order = packPlainVersion(text) - packed;
  if (order > 0) return (accepted & ABOVE) !== 0;
  if (order < 0) return (accepted & BELOW) !== 0;
  if (order === 0) return (accepted & SAME) !== 0;
  return acceptsParsed(accepted, version, text);
}

/** For what does not pack: NaN is neither above, below nor the same. */
function acceptsParsed(accepted: number, version: Version, text: string): boolean {
  const seen = parseVersion(text);
  if (seen === undefined) return false;
  const order = compareVersions(seen, version);
  return (accepted & (order < 0 ? BELOW : order > 0 ? ABOVE : SAME)) !== 0;
}

/** The first pre-release of the next version that may break: the left-most part that is not zero. */
function nextBreaking({ parts: [major, minor, patch], written }: Version): Version {
  if (major > 0 || written === 1) return lowest(major + 1, 0, 0);
  if (minor > 0 || written === 2) return lowest(0, minor + 1, 0);
  return lowest(0, 0, patch + 1);
}

function nextMinor({ parts: [major, minor], written }: Version): Version {
  return written === 1 ? lowest(major + 1, 0, 0) : lowest(major, minor + 1, 0);
}

function lowest(major: number, minor: number, patch: number): Version {
  return { parts: [major, minor, patch], written: 3, prerelease: ['0'] };
}
