import type { Stage } from '../plan/types.ts';
import { readAudience } from './read-audience.ts';
import { listOf, numberOf, objectOf, type Reader, type ValueOf } from './reader.ts';
import { readShare, readWait } from './readers.ts';

const MOST_UNITS = 1_000_000_000;

const readAllocation = objectOf({ audience: readAudience, share: readShare }, {});

const readShape = objectOf(
  { share: readShare, bake: readWait },
  {
    minimumSample: numberOf({ least: 0, most: MOST_UNITS, whole: true }),
    audience: readAudience,
    plus: listOf(readAllocation, { most: 20 }),
  },
);

/** A stage: its audience at its share, and those of `plus` at theirs. */
export const readStage: Reader<Stage> = (value, path, problems) => {
  const shape = readShape(value, path, problems);
  return shape && stageOf(shape);
};

function stageOf({
  share,
  bake,
  minimumSample = 0,
  audience,
  plus = [],
}: ValueOf<typeof readShape>): Stage {
  const first = { ...(audience === undefined ? {} : { audience }), sharePerMillion: share };
  const others = plus.map((each) => ({ audience: each.audience, sharePerMillion: each.share }));
  return { allocations: [first, ...others], bakeMs: bake, minimumSample };
}
