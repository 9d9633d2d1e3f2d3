/**
 * What a rehearsal costs on one core: the standard scenarios of two plans, a quick one and one that takes
 * days, played in this thread.
 *
 *     node --conditions=source bench/rehearsal/main.ts [--runs 40] [--rounds 3] [--plan quick,days]
 */
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { assumeService, type Plan, rehearse, type RunOutcome, runTask } from '@downhaul/control';
import { PLANS } from './plans.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '40' },
    rounds: { type: 'string', default: '3' },
    plan: { type: 'string', default: Object.keys(PLANS).join(',') },
  },
});
const runs = Number(values.runs);

for (const name of values.plan.split(',')) {
  const plan = PLANS[name];
  if (plan === undefined) throw new Error(`no plan: ${name}`);
  const rounds = [];
  for (let round = 0; round < Number(values.rounds); round += 1) rounds.push(await playAll(plan));
  const each = rounds.map(({ cpuMs, played }) => cpuMs / played).sort((one, other) => one - other);
  const [first] = rounds;
  const ms = each[Math.floor(each.length / 2)]?.toFixed(2);
  const all = `${each.map((time) => time.toFixed(2)).join(' ')}`;
  process.stdout.write(
    `${name.padEnd(8)} ${ms} ms of CPU a run (median of ${all}); ${first?.played} runs, ` +
      `outcomes ${[...new Set(rounds.map(({ digest }) => digest))].join(' ')}\n`,
  );
}

/** Every standard scenario; the digest tells whether two releases came to the same outcomes. */
async function playAll(plan: Plan) {
  const known = { known: 'given' as const };
  const service = assumeService(plan, {
    unitsPerSecond: { value: 20, ...known },
    rates: { 'http.error_rate': { value: 0.005, ...known } },
  });
  const outcomes: RunOutcome[] = [];
  const before = process.cpuUsage();
  await rehearse(
    { plan, service, scenarios: [], standard: true, runs, seed: 'bench', suggest: false },
    {
      play: async (task) => {
        const own = runTask(task);
        outcomes.push(...own);
        return own;
      },
      progress: () => undefined,
    },
  );
  const { user, system } = process.cpuUsage(before);
  // What the last look waited for is told by a look alone, and not every look is taken.
  const told = JSON.stringify(outcomes, (name, value: unknown) =>
    name === 'waitedFor' ? undefined : value,
  );
  const digest = createHash('sha256').update(told).digest('hex').slice(0, 12);
  return { cpuMs: (user + system) / 1_000, played: outcomes.length, digest };
}
