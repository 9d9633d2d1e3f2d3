import { SERVICE_SLICE, slicesOf } from '../../plan/slices.ts';
import type { Plan } from '../../plan/types.ts';

/** One thing that a plan tells apart, and the values seen of it. Plain data. */
export interface SliceDimension {
  readonly attribute: string;
  /** In the order in which exposures, or reports of services, first showed them: their places never change. */
  readonly values: SliceValue[];
  /** Places of those that the judge knows, in the order that decides their weights. */
  readonly judged: number[];
}

export interface SliceValue {
  readonly value: string;
  /** First assignments of units with this value, by their probability of treatment. */
  readonly assignments: SliceAssignments[];
}

export interface SliceAssignments {
  readonly share: number;
  treatment: number;
  control: number;
}

/** Values told apart per dimension; further ones count together as `other`. */
const MAX_SLICE_VALUES = 50;
/** A unit whose first exposure says nothing of an attribute, as those of older SDKs. */
const UNKNOWN = 'unknown';
const OTHER = 'other';
/** Places of a value in a unit's code: those told apart, and `other`. */
const RADIX = MAX_SLICE_VALUES + 1;

/** The dimensions of a plan, without values; of the services those that the flag affects come first. */
export function sliceDimensions(plan: Plan, affects: readonly string[]): SliceDimension[] {
  const dimensions = slicesOf(plan).map(({ attribute }) => ({ attribute, values: [], judged: [] }));
  for (const service of affects) noteSliceService(dimensions, service);
  return dimensions;
}

/**
 * What a first exposure says of all attributes, as one number: the place of each value, in base 51. Eight
 * dimensions fit into the whole numbers of a double.
 */
export function sliceCode(
  dimensions: readonly SliceDimension[],
  slices: Readonly<Record<string, string>> | undefined,
): number {
  let code = 0;
  for (let at = dimensions.length - 1; at >= 0; at--) {
    const dimension = dimensions[at]!;
    const isAttribute = dimension.attribute !== SERVICE_SLICE;
    const place = isAttribute ? placeOf(dimension, valueOf(slices, dimension.attribute)) : 0;
    code = code * RADIX + place;
  }
  return code;
}

/** Attributes are named by people: one that is called `constructor` is not what every object has. */
function valueOf(slices: Readonly<Record<string, string>> = {}, attribute: string): string {
  return Object.hasOwn(slices, attribute) ? (slices[attribute] ?? UNKNOWN) : UNKNOWN;
}

/** The place of the value of one dimension in a code. */
export function slicePlace(code: number, dimension: number): number {
  return Math.floor(code / RADIX ** dimension) % RADIX;
}

/** The values of a code, for an order among units that no order of arrival decides. */
export function sliceTexts(dimensions: readonly SliceDimension[], code: number): string {
  return JSON.stringify(
    dimensions.map(({ values }, at) => values[slicePlace(code, at)]?.value ?? UNKNOWN),
  );
}

/**
 * Notes that a service reports, whatever it says: a service that were first heard of by its failures
 * would be judged by what made it known.
 */
export function noteSliceService(dimensions: readonly SliceDimension[], service: string): void {
  const dimension = serviceDimension(dimensions);
  if (dimension !== undefined) placeOf(dimension, service);
}

/** The place of a service where services are told apart, else 0. */
export function servicePlace(dimensions: readonly SliceDimension[], service: string): number {
  const dimension = serviceDimension(dimensions);
  return dimension === undefined ? 0 : placeOf(dimension, service);
}

/** Values in the judge's order. */
export function judgedValues({ values, judged }: SliceDimension): SliceValue[] {
  return judged.flatMap((place) => values[place] ?? []);
}

/**
 * Makes the values that are new known to the judge, and returns them: those of one batch in the order of
 * their texts, so that the order in which reports arrived within it does not matter.
 */
export function judgeNewValues({ values, judged }: SliceDimension): SliceValue[] {
  const fresh = values
    .map((each, place) => ({ each, place }))
    .slice(judged.length)
    .sort((one, other) => (one.each.value < other.each.value ? -1 : 1));
  judged.push(...fresh.map(({ place }) => place));
  return fresh.map(({ each }) => each);
}

function serviceDimension(dimensions: readonly SliceDimension[]): SliceDimension | undefined {
  return dimensions.find(({ attribute }) => attribute === SERVICE_SLICE);
}

function placeOf({ values }: SliceDimension, value: string): number {
  const known = values.findIndex((each) => each.value === value);
  if (known >= 0) return known;
  if (values.length < MAX_SLICE_VALUES) return values.push({ value, assignments: [] }) - 1;
  if (values.length === MAX_SLICE_VALUES) values.push({ value: OTHER, assignments: [] });
  return MAX_SLICE_VALUES;
}
