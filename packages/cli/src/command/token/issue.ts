import { EXIT } from '../../exit-code.ts';
import { justificationOption } from '../options.ts';
import type { CommandInput } from '../input.ts';
import type { CommandModule } from '../types.ts';

export const tokenIssue: CommandModule = {
  words: ['token', 'issue'],
  summary: 'Issue a token; its secret is shown this once',
  description:
    'Issues a token and prints it, and nothing else, on stdout. Only its hash is kept: it cannot be shown again. A token of kind sdk is bound to a project, an environment and a service.',
  arguments: [{ syntax: '<name>', description: 'who or what it is for' }],
  options: [
    { syntax: '--kind <kind>', description: 'person, service, sdk or admin (default person)' },
    {
      syntax: '--right <right>',
      description: 'view, change or admin (default view)',
      repeatable: true,
    },
    {
      syntax: '--service <service>',
      description: 'the service of an sdk token (default its name)',
    },
    { syntax: '--bind', description: 'bind it to --project; sdk tokens always are' },
    { syntax: '--bind-environment', description: 'bind it to --project and --environment' },
    justificationOption,
  ],
  examples: [
    'downhaul token issue storefront --kind sdk -e production > storefront.token',
    'downhaul token issue anna --right view --right change',
  ],
  run: async ({ api, printer, project, environment }, input) => {
    const body = readGrant(input, { project, environment });
    const answer = await api().change(
      (client, how) => client.POST('/api/v1/tokens', { body, ...how }),
      { justification: input.text('justification') },
    );
    if (answer.token === null)
      printer.note(
        `the token ${answer.id} is issued, but the answer with its secret was lost: revoke it and issue another`,
      );
    printer.result(answer, () => (answer.token === null ? [] : [answer.token]));
    return answer.token === null ? EXIT.unreachable : EXIT.ok;
  },
};

const kinds = ['person', 'service', 'sdk', 'admin'] as const;
const rights = ['view', 'change', 'admin'] as const;

function readGrant(
  input: CommandInput,
  { project, environment }: { readonly project: string; readonly environment: string },
) {
  const kind = input.oneOf('kind', kinds) ?? 'person';
  const granted = input.manyOf('right', rights);
  const service = input.text('service');
  const here = kind === 'sdk' || input.enabled('bindEnvironment');
  return {
    name: input.argument(0),
    kind,
    ...(here || input.enabled('bind') ? { project } : {}),
    ...(here ? { environment } : {}),
    ...(service === undefined ? {} : { service }),
    ...(granted.length === 0 ? {} : { rights: granted }),
  };
}
