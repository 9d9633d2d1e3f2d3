import type { TravellingUnit } from './request-scope.ts';

/** Our member of the W3C baggage header. */
export const BAGGAGE_KEY = 'downhaul-units';

const MAX_UNITS = 8;
/** W3C Baggage, 3.3.2: a header of this size is passed on, a longer one need not be. */
const MAX_BAGGAGE_LENGTH = 8_192;
const HASH = /^[0-9a-f]{16}$/;

export interface IncomingBaggage {
  readonly units: readonly TravellingUnit[];
  /** Everything but our member, as it came. */
  readonly foreign: string;
  readonly synthetic: boolean;
}

export const NO_BAGGAGE: IncomingBaggage = { units: [], foreign: '', synthetic: false };
/** A property of our member: the request is no person's. Older SDKs read past it. */
const SYNTHETIC = 'synthetic';

/** Reads a baggage header. What our member says is only believed where `trusted`. Never throws. */
export function readBaggage(
  header: string | readonly string[] | undefined,
  trusted: boolean,
): IncomingBaggage {
  if (header === undefined) return NO_BAGGAGE;
  const text = typeof header === 'string' ? header : header.join(',');
  if (text === '' || text.length > MAX_BAGGAGE_LENGTH) return NO_BAGGAGE;
  if (!text.includes(BAGGAGE_KEY)) return { ...NO_BAGGAGE, foreign: text };
  const members = text.split(',').map((member) => member.trim());
  const own = members.find(isOurs);
  const foreign = members.filter((member) => member !== '' && !isOurs(member)).join(',');
  if (!trusted || own === undefined) return { ...NO_BAGGAGE, foreign };
  return { units: readUnits(own), foreign, synthetic: hasProperty(own, SYNTHETIC) };
}

/** Our member for these units, marked where they are synthetic; the empty text without either. Never throws. */
export function writeUnits(units: readonly TravellingUnit[], synthetic = false): string {
  const mark = synthetic ? `;${SYNTHETIC}` : '';
  const nobody = synthetic ? `${BAGGAGE_KEY}=${mark}` : '';
  if (units.length === 0) return nobody;
  try {
    return encodeUnits(units) + mark;
  } catch {
    // An attribute's name is no well-formed text and has no encoding.
    return nobody;
  }
}

function encodeUnits(units: readonly TravellingUnit[]): string {
  const pairs = units
    .slice(0, MAX_UNITS)
    .map(({ attribute, hash }) => `${encodeURIComponent(attribute)}.${hash}`);
  return `${BAGGAGE_KEY}=${encodeURIComponent(pairs.join(','))}`;
}

/** The header of an outgoing request: what came in, and our member behind it. */
export function joinBaggage(foreign: string, own: string): string {
  if (foreign === '' || own === '') return foreign + own;
  const joined = `${foreign},${own}`;
  return joined.length <= MAX_BAGGAGE_LENGTH ? joined : own;
}

function isOurs(member: string): boolean {
  return member.startsWith(BAGGAGE_KEY) && /^\s*=/.test(member.slice(BAGGAGE_KEY.length));
}

function hasProperty(member: string, property: string): boolean {
  return member
    .split(';')
    .slice(1)
    .some((each) => each.trim() === property);
}

function readUnits(member: string): readonly TravellingUnit[] {
  const value = member.slice(member.indexOf('=') + 1).split(';', 1)[0] ?? '';
  try {
    return decodeURIComponent(value.trim()).split(',').slice(0, MAX_UNITS).flatMap(readPair);
  } catch {
    return [];
  }
}

function readPair(pair: string): TravellingUnit[] {
  const dot = pair.lastIndexOf('.');
  const hash = pair.slice(dot + 1);
  if (dot <= 0 || !HASH.test(hash)) return [];
  return [{ attribute: decodeURIComponent(pair.slice(0, dot)), hash }];
}
