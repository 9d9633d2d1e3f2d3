import type { PlanAnswer } from '../../api/answers.ts';
import { EXIT } from '../../exit-code.ts';
import { table } from '../../output/table.ts';
import { describeStages } from '../../view/plan.ts';
import type { CommandModule } from '../types.ts';

export const planList: CommandModule = {
  words: ['plan', 'list'],
  summary: 'List the named plans of a project',
  run: async ({ api, printer, project }) => {
    const path = ['projects', project, 'plans'];
    const answer = await api().ask<{ plans: readonly PlanAnswer[] }>({ path });
    printer.result(answer, () =>
      answer.plans.length === 0
        ? [`no plans in the project ${project}`]
        : table(answer.plans, [
            { title: 'plan', value: ({ plan }) => plan.key, mark: printer.style.strong },
            { title: 'version', align: 'right', value: ({ version }) => version },
            { title: 'guardrails', align: 'right', value: ({ plan }) => plan.guardrails.length },
            { title: 'stages', value: ({ plan }) => describeStages(plan) },
          ]),
    );
    return EXIT.ok;
  },
};
