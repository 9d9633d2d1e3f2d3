import { type DocumentAnswer, putDocuments } from '../document/put.ts';
import { readDocuments } from '../document/read.ts';
import type { DocumentKind, WrittenDocument } from '../document/types.ts';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import { putLines } from '../view/put.ts';
import { atOnceOption, dryRunOption, ifVersionOption, justificationOption } from './options.ts';
import type { CommandModule } from './types.ts';

/**
 * `flag put`, `plan put`, `metric put` and `segment put` take the same files: a document says itself what it is, so
 * that one file can hold a flag together with the plan, the metrics and the segments it names.
 */
export function putCommand(kind: DocumentKind): CommandModule {
  return {
    words: [kind, 'put'],
    summary: `Create or change ${kind}s by their documents`,
    description: `Creates or changes ${kind}s by their documents, and whatever else the files hold, as one change: all of them or none. Prints what each document says differently. A document with a \`version\` is refused once somebody has changed the same thing since. An unchanged document changes nothing.`,
    arguments: [{ syntax: '<file...>', description: 'YAML or JSON; - is standard input' }],
    options: [dryRunOption, atOnceOption, ifVersionOption, justificationOption],
    examples: [
      `downhaul ${kind} put ${kind}s.yaml --dry-run`,
      `downhaul ${kind} get NAME | downhaul ${kind} put -`,
    ],
    run: async ({ io, api, printer, project }, input) => {
      const ifVersion = input.integer('ifVersion');
      const read = await readDocuments(io, input.rest(0));
      const documents = ifVersion === undefined ? read : withVersion(read, ifVersion);
      const dryRun = input.enabled('dryRun');
      const answer = await putDocuments(api(), documents, {
        project,
        dryRun,
        atOnce: input.enabled('atOnce'),
        justification: input.text('justification'),
      });
      const told = { documents: answer.documents.map(toldOf), ...(dryRun ? { dryRun } : {}) };
      printer.result(told, () => putLines(answer, printer.style));
      return EXIT.ok;
    },
  };
}

/** What a program wants to know of each document. */
function toldOf({ kind, key, changed, version, ...more }: DocumentAnswer): object {
  const { changes = [], others = [], started = [], rolledBack = [] } = more;
  return {
    ...{ kind, key, changed, version },
    ...(changes.length > 0 ? { changes } : {}),
    ...(others.length > 0 ? { others } : {}),
    ...(started.length > 0 ? { started } : {}),
    ...(rolledBack.length > 0 ? { rolledBack } : {}),
  };
}

function withVersion(documents: readonly WrittenDocument[], version: number): WrittenDocument[] {
  const [only, ...others] = documents;
  if (only !== undefined && others.length === 0)
    return [{ ...only, value: { ...only.value, version } }];
  throw new CommandError({
    exitCode: EXIT.usage,
    code: 'cli_option',
    message: '--if-version speaks of one document, and there are several',
    accepted: 'a file with one document, or a `version:` in each of them',
  });
}
