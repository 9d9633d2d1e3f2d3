import { sameRates } from './01-same.ts';
import { risingBase } from './02-rising-base.ts';
import { clustered } from './03-clustered.ts';
import { lowTrafficSame } from './04-low-traffic-same.ts';
import { incidents } from './05-incidents.ts';
import { step } from './06-step.ts';
import { smallStep } from './07-small-step.ts';
import { latency } from './08-latency.ts';
import { slowLeak } from './09-slow-leak.ts';
import { load } from './10-load.ts';
import { rareCrash } from './11-rare-crash.ts';
import { lowTrafficStep } from './12-low-traffic-step.ts';
import { novelty } from './13-novelty.ts';
import { conversion } from './14-conversion.ts';
import { treatmentSilent } from './15-treatment-silent.ts';
import { controlSilent } from './16-control-silent.ts';
import { bothSilent } from './17-both-silent.ts';
import { hiddenCrash } from './18-hidden-crash.ts';
import { splitDrift } from './19-split-drift.ts';
import { untidyDelivery } from './20-untidy-delivery.ts';
import { onePlatform } from './21-one-platform.ts';
import { improvement } from './22-improvement.ts';
import { returningSame } from './23-returning-same.ts';
import { attemptsSame } from './24-attempts-same.ts';
import { threeSame } from './25-three-same.ts';
import { oneOfThree } from './26-one-of-three.ts';
import { latencySame } from './27-latency-same.ts';
import { onlyAtAll } from './28-only-at-all.ts';
import { platformsSame } from './29-platforms-same.ts';
import { platformTold } from './30-platform-told.ts';
import { conversionSame } from './31-conversion-same.ts';
import type { Scenario } from './types.ts';

export const SCENARIOS: readonly Scenario[] = [
  sameRates,
  risingBase,
  clustered,
  lowTrafficSame,
  incidents,
  step,
  smallStep,
  latency,
  slowLeak,
  load,
  rareCrash,
  lowTrafficStep,
  novelty,
  conversion,
  treatmentSilent,
  controlSilent,
  bothSilent,
  hiddenCrash,
  splitDrift,
  untidyDelivery,
  onePlatform,
  improvement,
  returningSame,
  attemptsSame,
  threeSame,
  oneOfThree,
  latencySame,
  onlyAtAll,
  platformsSame,
  platformTold,
  conversionSame,
];
