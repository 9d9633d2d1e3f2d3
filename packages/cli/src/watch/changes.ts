import { printable, someOf } from '../output/text.ts';
import type { ProofModel, WatchModel } from './model.ts';
import { statusWord, whereabouts } from './view.ts';

/**
 * What is new since the last look, one line each: for a log or a pipe, where nothing can be redrawn.
 * Numbers that move all the time are left out, what a person would tell another stays.
 */
export function changesBetween(before: WatchModel | undefined, now: WatchModel): string[] {
  const known = new Set((before ? facts(before) : []).map(([key]) => key));
  return facts(now)
    .filter(([key]) => !known.has(key))
    .map(([, line]) => line);
}

/** What makes a fact another one, and how it is told. */
type Fact = readonly [key: string, line: string];

function facts(model: WatchModel): Fact[] {
  return [
    ...lines(model).map((line): Fact => [line, line]),
    ...(model.proof ? decidedClocks(model.proof) : []),
  ];
}

/** A clock is decided once: that its figures go on moving afterwards is no news. */
function decidedClocks({ id, clocks }: ProofModel): Fact[] {
  return clocks
    .filter(({ outcome }) => outcome !== 'pending')
    .map(({ name, outcome, statement }) => [
      `${id} ${name} ${outcome}`,
      `${name} ${outcome}: ${printable(statement ?? '')}`,
    ]);
}

function lines(model: WatchModel): string[] {
  const { rollout, down, instances } = model;
  const all = `${instances.live} ${instances.live === 1 ? 'instance' : 'instances'}`;
  return [
    ...(down ? ['DOWN: everyone gets the safe variant'] : []),
    ...(rollout ? [`${statusWord(rollout.status).toLowerCase()}: ${whereabouts(rollout)}`] : []),
    ...(rollout?.unguarded ? ['unguarded: the plan has no guardrails'] : []),
    ...(rollout?.cause ? [printable(rollout.cause)] : []),
    ...(rollout?.guardrails ?? []).map(({ name, verdict }) => `${printable(name)}: ${verdict}`),
    ...(rollout?.waiting ?? []).map(({ text }) => `waiting: ${printable(text)}`),
    instances.missing.length > 0
      ? `version ${instances.version} is missing on ${printable(someOf(instances.missing, 5))}`
      : `version ${instances.version} is everywhere (${all})`,
  ];
}
