import { flagPath } from '../../api/flag-change.ts';
import { withSuggestions } from '../../api/suggest.ts';
import { EXIT } from '../../exit-code.ts';
import { printable } from '../../output/text.ts';
import { flagArgument } from '../options.ts';
import type { CommandModule } from '../types.ts';

interface CheckAnswer {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly text: string;
  }[];
}

export const rolloutCheck: CommandModule = {
  words: ['rollout', 'check'],
  summary: 'Ask whether a rollout could start now, without starting it',
  description:
    'Asks whether a rollout could start now, without starting it. Exit code 7 when something stands against it.',
  arguments: [flagArgument],
  run: async ({ api, printer, project, environment }, input) => {
    const place = { project, environment, flag: input.argument(0) };
    const answer = await withSuggestions(api(), place, () =>
      api().ask<CheckAnswer>({ path: flagPath(place, 'rollout/check'), body: {} }),
    );
    const { style } = printer;
    printer.result(answer, () =>
      answer.checks.map(
        ({ ok, name, text }) =>
          `${ok ? style.good('ok  ') : style.bad('FAIL')}  ${printable(name)}: ${printable(text)}`,
      ),
    );
    return answer.ok ? EXIT.ok : EXIT.checkFailed;
  },
};
