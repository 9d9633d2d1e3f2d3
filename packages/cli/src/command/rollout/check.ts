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
    'Asks what stands in the way of a rollout and what to expect of it, without starting it. WARN: it can be started, and that may hold or weaken it. FAIL: a start is refused; exit code 7.',
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
    ...items.flatMap(({ ok, stops, code, text, remedy }) => [
      `${ok ? style.good('ok  ') : stops ? style.bad('FAIL') : style.warning('WARN')}  ${printable(code)}: ${printable(text)}`,
      ...(remedy === '' ? [] : [`      ${printable(remedy)}`]),
    ]),
    ...(refusal
      ? [`${style.bad('FAIL')}  ${printable(refusal.code)}: ${printable(refusal.message)}`]
      : []),
    readyLine(ready, items.filter(({ ok }) => !ok).length, style),
  ];
}

function readyLine(ready: boolean, warnings: number, style: Style): string {
  if (!ready) return style.bad('not ready: a start would be refused');
  if (warnings === 0) return style.good('ready to start');
  return style.warning(
    `ready to start, with ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
  );
}
