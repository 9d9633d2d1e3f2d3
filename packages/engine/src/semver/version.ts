/** A semantic version (semver.org 2.0). Missing minor and patch are zero; build metadata is dropped. */
export interface Version {
  readonly parts: readonly [major: number, minor: number, patch: number];
  /** How many of the three were written. */
  readonly written: number;
  readonly prerelease: readonly string[];
}

const VERSION =
  /^[vV]?(0|[1-9]\d{0,14})(?:\.(0|[1-9]\d{0,14})(?:\.(0|[1-9]\d{0,14})(?:-([0-9A-Za-z.-]+))?)?)?(?:\+[0-9A-Za-z.-]+)?$/;
const RELEASE: readonly string[] = [];
const MAX_LENGTH = 256;
const PART_LIMIT = 131_072;

/** Reads `1`, `1.2`, `1.2.3`, `v1.2.3-rc.1+build`; undefined for any other text. */
export function parseVersion(text: string): Version | undefined {
  const match = text.length > MAX_LENGTH ? null : VERSION.exec(text);
  if (match === null) return undefined;
  const prerelease = match[4]?.split('.') ?? RELEASE;
  if (!prerelease.every(isIdentifier)) return undefined;
  const written = match.slice(1, 4).filter((part) => part !== undefined).length;
  return {
    parts: [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)],
    written,
    prerelease,
  };
}

/** Negative, zero or positive, by semver's precedence. */
export function compareVersions(a: Version, b: Version): number {
  for (let index = 0; index < 3; index++) {
    const difference = a.parts[index]! - b.parts[index]!;
    if (difference !== 0) return difference;
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0) {
    return b.prerelease.length - a.prerelease.length;
  }
  return comparePrereleases(a.prerelease, b.prerelease);
}

/**
 * One number that orders versions: 17 bits per part, and half a step down for a pre-release, so that it
 * lies between its release and the one before. NaN when a part does not fit.
 */
export function packVersion(version: Version): number {
  const [major, minor, patch] = version.parts;
  if (major >= PART_LIMIT || minor >= PART_LIMIT || patch >= PART_LIMIT) {
    return Number.NaN;
  }
  const packed = (major * PART_LIMIT + minor) * PART_LIMIT + patch;
  return version.prerelease.length === 0 ? packed : packed - 0.5;
}

/**
 * The packed number of a plain text such as `1.2.3`, without allocating; NaN for everything that needs
 * `parseVersion` to be judged (pre-releases, build metadata, large parts, leading zeros, no version).
 */
export function packPlainVersion(text: string): number {
  let packed = 0;
  let part = -1;
  let dots = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 46 && part >= 0 && dots < 2) {
      packed = packed * PART_LIMIT + part;
      part = -1;
      dots++;
      continue;
    }
    const digit = code - 48;
    if (digit < 0 || digit > 9 || part === 0) return Number.NaN;
    part = part < 0 ? digit : part * 10 + digit;
    if (part >= PART_LIMIT) return Number.NaN;
  }
  if (part < 0) return Number.NaN;
  packed = packed * PART_LIMIT + part;
  if (dots === 2) return packed;
  return dots === 1 ? packed * PART_LIMIT : packed * PART_LIMIT * PART_LIMIT;
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const order = compareIdentifiers(a[index]!, b[index]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Numeric identifiers by value and below the others, which go by code units. */
function compareIdentifiers(a: string, b: string): number {
  if (a === b) return 0;
  const numeric = isNumeric(a);
  if (numeric !== isNumeric(b)) return numeric ? -1 : 1;
  if (numeric && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}

function isIdentifier(text: string): boolean {
  return text !== '' && !(isNumeric(text) && text.length > 1 && text.startsWith('0'));
}

function isNumeric(text: string): boolean {
  return /^\d+$/.test(text);
}
