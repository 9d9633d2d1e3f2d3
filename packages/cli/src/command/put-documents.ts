import type { ChangeAnswer } from '../api/answers.ts';
import { putDocument } from '../document/put.ts';
import { readDocuments } from '../document/read.ts';
import type { DocumentKind, WrittenDocument } from '../document/types.ts';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import type { Printer } from '../output/printer.ts';
import { atOnceOption, ifVersionOption, justificationOption } from './options.ts';
import type { CommandModule } from './types.ts';

/**
 * `flag put`, `plan put`, `metric put` and `segment put` take the same files: a document says itself what it is, so
 * that one file can hold a flag together with the plan, the metrics and the segments it names.
 */
export function putCommand(kind: DocumentKind): CommandModule {
  return {
    words: [kind, 'put'],
    summary: `Create or change ${kind}s by their documents`,
    description: `Creates or changes ${kind}s by their documents, and whatever else the files hold: segments and metrics before plans, plans before flags. An unchanged document changes nothing.`,
    arguments: [{ syntax: '<file...>', description: 'YAML or JSON; - is standard input' }],
    options: [atOnceOption, ifVersionOption, justificationOption],
    examples: [
      `downhaul ${kind} put ${kind}s.yaml`,
      `downhaul ${kind} put - --json < ${kind}s.yaml`,
    ],
    run: async ({ io, api, printer, project }, input) => {
      const documents = await readDocuments(io, input.rest(0));
      const ifVersion = input.integer('ifVersion');
      if (ifVersion !== undefined && documents.length > 1) throw ifVersionOfMany();
      const options = {
        project,
        atOnce: input.enabled('atOnce'),
        justification: input.text('justification'),
        ifVersion,
      };
      const done: Done[] = [];
      for (const document of documents) {
        const answer = await putDocument(api(), document, options).catch((error: unknown) => {
          throw withDone(error, done);
        });
        const { kind: of, key } = document;
        done.push({ kind: of, key, changed: answer.changed, version: answer.version });
        if (!printer.json) report(printer, document, answer);
      }
      if (printer.json) printer.result({ documents: done }, () => []);
      return EXIT.ok;
    },
  };
}

interface Done {
  readonly kind: DocumentKind;
  readonly key: string;
  readonly changed: boolean;
  readonly version: number;
}

function report(printer: Printer, document: WrittenDocument, answer: ChangeAnswer): void {
  const { style } = printer;
  const what = `${document.kind} ${style.strong(document.key)}`;
  const line = answer.changed
    ? `${what} is put, version ${answer.version}`
    : `${what} is as it was, version ${answer.version}`;
  printer.result(undefined, () => [line, ...rolledBackLines(answer)]);
}

/** What the change took back with it: whoever put it should know. */
function rolledBackLines({ rolledBack = [] }: ChangeAnswer): readonly string[] {
  return rolledBack.map((proof) => {
    const [flag = '', environment = ''] = [proof.split('@')[0]?.split('/')[1], proof.split('/')[0]];
    return `  its rollouts lost units: ${flag} was rolled back in ${environment} (downhaul proof ${flag} --environment ${environment})`;
  });
}

/** What had been put before a refusal stays put; the error says so. */
function withDone(error: unknown, done: readonly Done[]): unknown {
  if (!(error instanceof CommandError) || done.length === 0) return error;
  const before = done.map(({ kind, key }) => `${kind} ${key}`).join(', ');
  return error.with({ hints: [...(error.failure.hints ?? []), `put before it: ${before}`] });
}

function ifVersionOfMany(): CommandError {
  return new CommandError({
    exitCode: EXIT.usage,
    code: 'cli_option',
    message: '--if-version speaks of one document, and there are several',
    accepted: 'a file with one document',
  });
}
