import type { ChangeAnswer } from '../../api/answers.ts';
import { EXIT } from '../../exit-code.ts';
import { justificationOption } from '../options.ts';
import type { CommandModule } from '../types.ts';

interface IssuedToken extends ChangeAnswer {
  readonly id: string;
  /** Null when the answer to the first attempt was lost: its secret is gone. */
  readonly token: string | null;
}

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
    const kind = input.text('kind') ?? 'person';
    const rights = input.texts('right');
    const service = input.text('service');
    const here = kind === 'sdk' || input.enabled('bindEnvironment');
    const answer = await api().change<IssuedToken>({
      method: 'POST',
      path: ['tokens'],
      body: {
        name: input.argument(0),
        kind,
        ...(here || input.enabled('bind') ? { project } : {}),
        ...(here ? { environment } : {}),
        ...(service === undefined ? {} : { service }),
        ...(rights.length === 0 ? {} : { rights }),
      },
      justification: input.text('justification'),
    });
    if (answer.token === null)
      printer.note(
        `the token ${answer.id} is issued, but the answer with its secret was lost: revoke it and issue another`,
      );
    printer.result(answer, () => (answer.token === null ? [] : [answer.token]));
    return answer.token === null ? EXIT.unreachable : EXIT.ok;
  },
};
