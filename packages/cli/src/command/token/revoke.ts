import { EXIT } from '../../exit-code.ts';
import { justificationOption } from '../options.ts';
import type { CommandModule } from '../types.ts';

export const tokenRevoke: CommandModule = {
  words: ['token', 'revoke'],
  summary: 'Revoke a token: it is refused from the answer on',
  arguments: [{ syntax: '<id>', description: 'the id that `token list` shows' }],
  options: [justificationOption],
  run: async ({ api, printer }, input) => {
    const id = input.argument(0);
    const answer = await api().change(
      (client, how) =>
        client.DELETE('/api/v1/tokens/{token}', { params: { path: { token: id } }, ...how }),
      { justification: input.text('justification') },
    );
    printer.result(answer, () => [`token ${id} is revoked`]);
    return EXIT.ok;
  },
};
