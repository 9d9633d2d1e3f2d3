import { EXIT } from '../../exit-code.ts';
import { table } from '../../output/table.ts';
import type { Plan } from '../../view/plan.ts';
import { describeStages } from '../../view/plan.ts';
import type { CommandModule } from '../types.ts';

export const planList: CommandModule = {
  words: ['plan', 'list'],
  summary: 'List the named plans of a project',
  run: async ({ api, printer, project }) => {
    const answer = await api().ask((client, how) =>
      client.GET('/api/v1/projects/{project}/plans', { params: { path: { project } }, ...how }),
    );
    const plans = answer.plans.map(({ plan, version }) => ({
      plan: plan as unknown as Plan,
      version,
    }));
    printer.result(answer, () =>
      plans.length === 0
        ? [`no plans in the project ${project}`]
        : table(plans, [
            { title: 'plan', value: ({ plan }) => plan.key, mark: printer.style.strong },
            { title: 'version', align: 'right', value: ({ version }) => version },
            { title: 'guardrails', align: 'right', value: ({ plan }) => plan.guardrails.length },
            { title: 'stages', value: ({ plan }) => describeStages(plan) },
          ]),
    );
    return EXIT.ok;
  },
};
