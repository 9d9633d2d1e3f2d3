import { lineAndColumn, type TextProblem } from '@downhaul/engine';
import { CommandError, type Failure } from '../error.ts';
import { EXIT } from '../exit-code.ts';

/** The error for a text that cannot be read, each problem with its place. */
export function textFailure(
  { file, text }: { readonly file: string; readonly text: string },
  problems: readonly TextProblem[],
): CommandError {
  const [first, ...more] = problems.map(({ code, message, accepted, path, offset }): Failure => {
    const { line, column } = lineAndColumn(text, offset);
    const lineText = (text.split('\n')[line - 1] ?? '').replace(/\r$/, '');
    return {
      exitCode: EXIT.usage,
      code: code === 'text_syntax' ? 'cli_document_syntax' : code,
      message,
      path,
      accepted: accepted ?? (code === 'text_syntax' ? 'YAML 1.2 or JSON' : undefined),
      place: { file, line, column, text: lineText },
    };
  });
  if (first === undefined) throw new Error('a text failed without a problem');
  return new CommandError(more.length === 0 ? first : { ...first, more });
}
