import type { CheckAnswer } from '../../api/answers.ts';
import { withSuggestions } from '../../api/suggest.ts';
import { EXIT } from '../../exit-code.ts';
import type { Style } from '../../output/style.ts';
import { printable } from '../../output/text.ts';
import { flagArgument } from '../options.ts';
import type { CommandModule } from '../types.ts';
import { readTarget, targetOptions } from './target.ts';

export const rolloutCheck: CommandModule = {
  words: ['rollout', 'check'],
  summary: 'Ask what stands in the way of a rollout, without starting it',
  description:
    'Asks what stands in the way of a rollout and what to expect of it, without starting it. Exit code 7 when something stands against it.',
  arguments: [flagArgument],
  options: targetOptions,
  run: async ({ io, api, printer, project, environment }, input) => {
    const place = { project, environment, flag: input.argument(0) };
    const target = await readTarget(io, input);
    const answer = await withSuggestions(api(), place, () =>
      api().ask((client, how) =>
        client.POST(
          '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/rollout/check',
          {
            params: { path: place },
            body: target.body,
            ...how,
          },
        ),
      ),
    ).catch((error: unknown) => {
      throw target.place(error);
    });
    printer.result(answer, () => checkLines(answer, printer.style));
    return answer.ready ? EXIT.ok : EXIT.checkFailed;
  },
};

function checkLines({ ready, items, refusal }: CheckAnswer, style: Style): string[] {
  return [
    ...items.flatMap(({ ok, code, text, remedy }) => [
      `${ok ? style.good('ok  ') : style.bad('FAIL')}  ${printable(code)}: ${printable(text)}`,
      ...(remedy === '' ? [] : [`      ${printable(remedy)}`]),
    ]),
    ...(refusal
      ? [`${style.bad('FAIL')}  ${printable(refusal.code)}: ${printable(refusal.message)}`]
      : []),
    ready ? style.good('ready to start') : style.bad('not ready'),
  ];
}
