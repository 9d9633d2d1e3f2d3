/**
 * What judging costs on one core: many rollouts with five guardrails close one batch each, through the
 * product's fold, and are decided by its controller.
 *
 *     node --conditions=source bench/judge/main.ts [--rollouts 1000,10000] [--rounds 5] [--profile]
 */
import { parseArgs } from 'node:util';
import { Fleet, type RoundTimes } from './fleet.ts';
import { heapBytes } from './heap.ts';

const { values } = parseArgs({
  options: {
    rollouts: { type: 'string', default: '1000,10000' },
    rounds: { type: 'string', default: '5' },
    units: { type: 'string', default: '30' },
  },
});
const rounds = Number(values.rounds);
const units = Number(values.units);

for (const rollouts of values.rollouts.split(',').map(Number)) {
  const before = heapBytes();
  const fleet = new Fleet({ rollouts, units });
  const empty = heapBytes();
  fleet.warmUp();
  const warm = heapBytes();
  const times = Array.from({ length: rounds }, () => fleet.round());
  report({ rollouts, times });
  const kb = (bytes: number) => `${(bytes / rollouts / 1024).toFixed(1)} KB`;
  print('  memory per rollout', `${kb(empty - before)} at its start`);
  print(
    '',
    `${kb(warm - before)} in its fourth stage, after ${fleet.unitsPerRollout} units in ${fleet.closedBatches} batches`,
  );
  print('  commands in the last round', fleet.commandsText());
}

function report(of: { readonly rollouts: number; readonly times: readonly RoundTimes[] }): void {
  const { rollouts, times } = of;
  const part = (pick: (time: RoundTimes) => number) => median(times.map(pick));
  const totalMs = part(({ closeMs, evidenceMs, nextMs }) => closeMs + evidenceMs + nextMs);
  print(`${rollouts} rollouts`, `${seconds(totalMs)} for one round (median of ${times.length})`);
  const each = (ms: number) => `${((ms * 1000) / rollouts).toFixed(0)} µs each`;
  for (const [name, ms] of Object.entries({
    'close a batch': part(({ closeMs }) => closeMs),
    evidence: part(({ evidenceMs }) => evidenceMs),
    decide: part(({ nextMs }) => nextMs),
  })) {
    print(`  ${name}`, `${seconds(ms)}, ${each(ms)}`);
  }
  print('  judged per minute', `${Math.round((rollouts * 60_000) / totalMs)}`);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function print(name: string, text: string): void {
  process.stdout.write(`${name.padEnd(30)} ${text}\n`);
}
