/** How deep conditions may nest within a flag or segment, variants' values, and segments in segments. */
export const MAX_DEPTH = 32;
/** Conditions that one segment may have to try for a context, those of its segments included. */
export const MAX_CONDITIONS = 10_000;
/** Evaluations that one flag's requirements may need, those of the required flags included. */
export const MAX_REQUIREMENTS = 100;
