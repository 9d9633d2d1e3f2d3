import { served } from '../results.ts';
import type { StageCompiler } from './stage.ts';

/** A flag that is down serves its safe variant; OpenFeature's DISABLED: switched off by its management. */
export const downStage: StageCompiler = (flag) =>
  flag.down ? served(flag, flag.safe, { reason: 'DISABLED' }) : undefined;
