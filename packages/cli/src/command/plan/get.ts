import { stringify } from 'yaml';
import type { PlanAnswer } from '../../api/answers.ts';
import { EXIT } from '../../exit-code.ts';
import type { CommandModule } from '../types.ts';

export const planGet: CommandModule = {
  words: ['plan', 'get'],
  summary: 'Print a plan, every default filled in',
  arguments: [{ syntax: '<plan>', description: 'key of the plan' }],
  run: async ({ api, printer, project }, input) => {
    const path = ['projects', project, 'plans', input.argument(0)];
    const answer = await api().ask<PlanAnswer>({ path });
    printer.result(answer, () => [
      `# version ${answer.version}`,
      ...stringify(answer.plan, { lineWidth: 100 }).trimEnd().split('\n'),
    ]);
    return EXIT.ok;
  },
};
