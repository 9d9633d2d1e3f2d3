import { APP_CONFIG } from './app-config.ts';
import { ARGO } from './argo.ts';
import { ASYMPTOTIC } from './asymptotic.ts';
import { AT_ONCE } from './at-once.ts';
import { DOWNHAUL } from './downhaul/downhaul.ts';
import { FLAGGER } from './flagger.ts';
import { KAYENTA } from './kayenta.ts';
import { NAIVE_Z } from './naive-z.ts';
import { ORACLES } from './oracle.ts';
import type { Judge } from './types.ts';

export const JUDGES: readonly Judge[] = [
  ...ARGO,
  FLAGGER,
  APP_CONFIG,
  ...KAYENTA,
  NAIVE_Z,
  ...ASYMPTOTIC,
  ...DOWNHAUL,
  ...ORACLES,
  AT_ONCE,
];
