import type { DocumentAnswer, DocumentsAnswer, OthersChange } from '../document/put.ts';
import type { Style } from '../output/style.ts';
import { printable } from '../output/text.ts';
import { formatTime } from './time.ts';

/** What became of documents that were put, or would: a line for each, and for each field that differs. */
export function putLines(answer: DocumentsAnswer, style: Style): string[] {
  const isDryRun = answer.dryRun === true;
  const lines = answer.documents.flatMap((document) => documentLines(document, isDryRun, style));
  return isDryRun ? [...lines, 'nothing was changed: this was a dry run'] : lines;
}

function documentLines(document: DocumentAnswer, isDryRun: boolean, style: Style): string[] {
  const { kind, key, changed, version, created, changes = [], others = [] } = document;
  const what = `${kind} ${style.strong(key)}`;
  if (!changed) return [`${what} is as it was, version ${version}`];
  const isNew = created === true ? ', and is new' : '';
  return [
    isDryRun ? `${what} would be put${isNew}` : `${what} is put, version ${version}`,
    ...changes.flatMap(({ field, text }) => [
      `  ${printable(text)}`,
      ...others
        .filter((other) => other.field === field)
        .map((other) => style.bad(otherLine(other))),
    ]),
    ...(document.rolledBack ?? []).map((proof) => rolledBackLine(proof, isDryRun)),
    ...(document.started ?? []).map((id) => `  starts the rollout ${printable(id)}`),
  ];
}

/** What the change takes back with it: whoever puts it should know. The id of a proof is `environment/flag@position`. */
function rolledBackLine(proof: string, isDryRun: boolean): string {
  const [environment = '', flag = ''] = (proof.split('@')[0] ?? '').split('/').map(printable);
  if (isDryRun)
    return `  its rollouts would lose units: ${flag} would be rolled back in ${environment}`;
  return `  its rollouts lost units: ${flag} was rolled back in ${environment} (downhaul proof ${flag} --environment ${environment})`;
}

function otherLine({ by, version, atMs, takenBack }: OthersChange): string {
  const who = `${printable(by.name ?? by.id)} (version ${version}, ${formatTime(atMs)})`;
  return takenBack ? `    takes back a change of ${who}` : `    was changed last by ${who}`;
}
