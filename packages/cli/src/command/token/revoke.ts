import type { ChangeAnswer } from '../../api/answers.ts';
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
    const answer = await api().change<ChangeAnswer>({
      method: 'DELETE',
      path: ['tokens', id],
      justification: input.text('justification'),
    });
    printer.result(answer, () => [`token ${id} is revoked`]);
    return EXIT.ok;
  },
};
