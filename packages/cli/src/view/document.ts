import { yamlText } from '../document/yaml-text.ts';

interface Answered {
  readonly version: number;
  readonly archived?: boolean;
  /** The document as a person would write it, from servers that say so. */
  readonly document?: unknown;
}

/** What the server holds as YAML, with its version in a comment; `shape` where it is no document. */
export function documentLines(answer: Answered, shape: unknown): string[] {
  const text = yamlText(answer.document ?? shape);
  const archived = answer.archived === true ? ', archived' : '';
  return [`# version ${answer.version}${archived}`, ...text.trimEnd().split('\n')];
}
