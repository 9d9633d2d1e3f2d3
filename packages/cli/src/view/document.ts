import { yamlText } from '../document/yaml-text.ts';

interface Answered {
  readonly version: number;
  readonly archived?: boolean;
  /** The document as a person would write it. */
  readonly document: unknown;
}

/**
 * A document as `put` takes it again. Its `version` holds it to what was read; who takes that line out puts
 * the document whatever has happened since.
 */
export function documentLines({ version, archived, document }: Answered): string[] {
  const lines = yamlText(document).trimEnd().split('\n');
  if (archived === true) return ['# archived: it cannot be put again', ...lines];
  return version === 0 ? ['# built in: it cannot be put', ...lines] : lines;
}
