import { type CatalogueEntry, SERVER_CATALOGUE } from '../src/error/catalogue.ts';

const HEADING = '## Of the server';

/** `docs/errors.md` with the server's own codes at its end. */
export function withServerErrors(document: string): string {
  const end = document.indexOf(HEADING);
  const before = (end < 0 ? document : document.slice(0, end)).trimEnd();
  return `${before}\n\n${serverErrors()}\n`;
}

function serverErrors(): string {
  const rows = Object.entries(SERVER_CATALOGUE as Readonly<Record<string, CatalogueEntry>>).map(
    ([code, { status, message, remedy }]) => `| \`${code}\` | ${status} | ${message} | ${remedy} |`,
  );
  const head = ['| code | status | message | what to do |', '| --- | --- | --- | --- |'];
  return [HEADING, '', ...head, ...rows].join('\n');
}
