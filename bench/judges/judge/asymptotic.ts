import { asymptoticZ } from '@downhaul/judge';
import { binomial, type Random, randomOf } from '../trace/random.ts';
import { type Counts, Headline } from './headline.ts';
import { StageTimer } from './timed.ts';
import type { Judge, JudgeRun, Setting } from './types.ts';

const ALPHA = 0.05;
const TUNED_FOR = 5_000;
const EVERY_MINUTES = 10;

/**
 * A one-sided asymptotic confidence sequence for the difference of the rates, all stages pooled, looked at
 * every ten minutes; timers go up. With all of control, or with as many control units as treated ones.
 */
export const ASYMPTOTIC: readonly Judge[] = (['all', 'equal'] as const).map((control) => ({
  key: `asympcs-${control}`,
  label: control === 'all' ? 'AsympCS, all of control' : 'AsympCS, equal control',
  measuresFirst: false,
  start: (setting) => start(setting, control),
}));

function start({ scenario, seed }: Setting, which: 'all' | 'equal'): JudgeRun {
  const headline = new Headline(scenario);
  const timer = new StageTimer();
  const random = randomOf(`${scenario.key}/${seed}/equal control`);
  const treated = { requests: 0, errors: 0 };
  const others = { requests: 0, errors: 0 };
  return {
    look(seen) {
      if (timer.isOver(seen)) return { does: 'over' };
      for (const { treatment, control } of headline.take(seen)) {
        // With everyone treated there is no arm to compare with.
        if (control.requests === 0) continue;
        const taken = which === 'all' ? control : thinned(random, control, treatment.requests);
        treated.requests += treatment.requests;
        treated.errors += treatment.errors;
        others.requests += taken.requests;
        others.errors += taken.errors;
      }
      if ((seen.minute + 1) % EVERY_MINUTES === 0 && isAbove(treated, others)) {
        return { does: 'rollback', reason: 'error_rate' };
      }
      return timer.move(seen);
    },
  };
}

/** About so many of control's requests, taken at random. */
function thinned(random: Random, control: Counts, wanted: number): Counts {
  const chance = control.requests === 0 ? 0 : Math.min(1, wanted / control.requests);
  const errors = binomial(random, control.errors, chance);
  const others = binomial(random, control.requests - control.errors, chance);
  return { requests: others + errors, errors };
}

function isAbove(treated: Counts, others: Counts): boolean {
  if (treated.requests < 2 || others.requests < 2) return false;
  const one = treated.errors / treated.requests;
  const other = others.errors / others.requests;
  const variance = (one * (1 - one)) / treated.requests + (other * (1 - other)) / others.requests;
  const count = treated.requests + others.requests;
  const z = asymptoticZ({ count, tunedFor: TUNED_FOR, alpha: ALPHA, sides: 'one' });
  return one - other > z * Math.sqrt(variance);
}
