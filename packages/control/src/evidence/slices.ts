import {
  type Assessment,
  type DimensionalSrm,
  type HypothesisEvidence,
  type SliceOf,
  srmByDimension,
} from '@downhaul/judge';
import { SERVICE_SLICE, slicesOf } from '../plan/slices.ts';
import {
  judgedValues,
  type SliceDimension,
  type SliceValue,
} from '../telemetry/rollout/slice-dimension.ts';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';

/** What is known of one value: of its units, or of the outcomes that a service reported. */
export interface SliceEvidence {
  readonly dimension: string;
  readonly value: string;
  /**
   * `suspect`: has its minimum sample and looks harmful, so a step up waits until it is shown to be no
   * worse. `tooFew`: below the minimum sample. Harm is acted upon at any size.
   */
  readonly verdict: 'harmful' | 'suspect' | 'inconclusive' | 'tooFew';
  readonly minimumSample: number;
  /** Distinct units by their first assignment in all stages; a service counts all. */
  readonly units: { readonly treatment: number; readonly control: number };
  /** Evidence of harm by hypothesis; its limit says what weight the value has. */
  readonly harm: readonly HypothesisEvidence[];
}

/** Every value that the judge knows, in the order of the plan's slices and of their appearance. */
export function sliceEvidence(
  telemetry: RolloutTelemetry,
  { harm, signals, nonInferiority }: Assessment,
): SliceEvidence[] {
  const all = byValue([...harm.attribution, ...signals.attribution]);
  const demanded = byValue(nonInferiority.filter(({ passed }) => !passed));
  return telemetry.dimensions.flatMap((dimension) => {
    const { attribute } = dimension;
    const slice = slicesOf(telemetry.plan).find((each) => each.attribute === attribute);
    const minimumSample = slice?.minimumSample ?? 0;
    return judgedValues(dimension).map((value) => {
      const units = unitsOf(telemetry, dimension, value);
      const key = keyOf({ dimension: attribute, value: value.value });
      const own = all.get(key) ?? [];
      const isSuspect = demanded.has(key);
      return {
        dimension: attribute,
        value: value.value,
        verdict: verdictOf(own, { isSuspect, tooFew: units.treatment < minimumSample }),
        minimumSample,
        units,
        harm: own,
      };
    });
  });
}

type Sliced = Pick<HypothesisEvidence, 'slice'>;

/** What is of slices at all, by dimension and value. */
function byValue<Each extends Sliced>(list: readonly Each[]): Map<string, Each[]> {
  const found = new Map<string, Each[]>();
  for (const each of list) {
    if (each.slice === undefined) continue;
    const key = keyOf(each.slice);
    const known = found.get(key);
    if (known === undefined) found.set(key, [each]);
    else known.push(each);
  }
  return found;
}

function keyOf({ dimension, value }: Pick<SliceOf, 'dimension' | 'value'>): string {
  return JSON.stringify([dimension, value]);
}

function verdictOf(
  harm: readonly HypothesisEvidence[],
  { isSuspect, tooFew }: { readonly isSuspect: boolean; readonly tooFew: boolean },
): SliceEvidence['verdict'] {
  if (harm.some(({ logE, limit }) => logE >= limit)) return 'harmful';
  if (isSuspect) return 'suspect';
  return tooFew ? 'tooFew' : 'inconclusive';
}

function unitsOf(
  { judge }: RolloutTelemetry,
  { attribute }: SliceDimension,
  { assignments }: SliceValue,
): SliceEvidence['units'] {
  const all = attribute === SERVICE_SLICE ? Object.values(judge.assignments) : assignments;
  let treatment = 0;
  let control = 0;
  for (const each of all) {
    treatment += each.treatment;
    control += each.control;
  }
  return { treatment, control };
}

/**
 * The sample ratio over all units and by value of each attribute, under the one alpha; undefined where the
 * plan tells none apart.
 */
export function slicedSampleRatio(telemetry: RolloutTelemetry): DimensionalSrm | undefined {
  const attributes = telemetry.dimensions.filter(({ attribute }) => attribute !== SERVICE_SLICE);
  if (attributes.length === 0) return undefined;
  return srmByDimension({
    whole: Object.values(telemetry.judge.assignments),
    dimensions: attributes.map(({ attribute }) => attribute),
    slices: attributes.flatMap((dimension) =>
      judgedValues(dimension).map(({ value, assignments }) => ({
        dimension: dimension.attribute,
        value,
        assignments,
      })),
    ),
    alpha: telemetry.judge.config.alphaSrm,
  });
}
