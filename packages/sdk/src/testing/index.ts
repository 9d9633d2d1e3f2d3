export { createTestDownhaul, type TestDownhaul } from './create-test-downhaul.ts';
export type { FlagValues } from './snapshot-of-values.ts';
