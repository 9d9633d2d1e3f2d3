import { printable, someOf } from '../output/text.ts';
import type { WatchModel } from './model.ts';
import { whereabouts } from './view.ts';

/**
 * What is new since the last look, one line each: for a log or a pipe, where nothing can be redrawn.
 * Numbers that move all the time are left out, what a person would tell another stays.
 */
export function changesBetween(before: WatchModel | undefined, now: WatchModel): string[] {
  const known = new Set(before ? facts(before) : []);
  return facts(now).filter((fact) => !known.has(fact));
}

function facts(model: WatchModel): string[] {
  const { rollout, down, instances, proof } = model;
  return [
    ...(down ? ['DOWN: everyone gets the safe variant'] : []),
    ...(rollout ? [`${rollout.status}: ${whereabouts(rollout)}`] : []),
    ...(rollout?.unguarded ? ['unguarded: the plan has no guardrails'] : []),
    ...(rollout?.cause ? [printable(rollout.cause)] : []),
    ...(rollout?.guardrails ?? []).map(({ name, verdict }) => `${printable(name)}: ${verdict}`),
    ...(rollout?.waiting ?? []).map(({ text }) => `waiting: ${printable(text)}`),
    instances.missing.length > 0
      ? `version ${instances.version} is missing on ${printable(someOf(instances.missing, 5))}`
      : `version ${instances.version} is everywhere (${instances.live} instances)`,
    ...(proof?.clocks ?? [])
      .filter(({ outcome }) => outcome !== 'pending')
      .map(({ name, outcome, statement }) => `${name} ${outcome}: ${printable(statement ?? '')}`),
  ];
}
