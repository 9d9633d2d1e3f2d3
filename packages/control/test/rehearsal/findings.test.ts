import { readScenario, rehearse, runTask } from '@downhaul/control';
import { expect, test } from 'vitest';
import { BRISK, serviceOf } from '../support/rehearsal-plans.ts';

test.each([
  ['more than the budget', 1, ['harm_above_budget']],
  ['what the budget allows', 10_000, []],
])('a failure of one’s own that is found after %s', async (_, harmBudget, codes) => {
  const plan = { ...BRISK, harmBudget };
  const read = readScenario('errors x20');
  if (!read.ok) expect.fail('no scenario');
  const report = await rehearse(
    {
      ...{ plan, service: serviceOf(BRISK), scenarios: [read.value] },
      ...{ standard: false, runs: 20, seed: 'own', suggest: false },
    },
    { play: async (task) => runTask(task), progress: () => undefined },
  );
  expect(report.scenarios[0]).toMatchObject({ truth: 'harmful', demanded: false });
  expect(report.findings.map(({ code }) => code)).toEqual(codes);
});
