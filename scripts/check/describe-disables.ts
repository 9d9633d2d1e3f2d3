import type { Rule } from 'eslint';

const directive = /^\s*eslint-(disable|enable)/;

/** ESLint rule: every `eslint-disable` comment says why, after two dashes. */
export const describeDisables: Rule.RuleModule = {
  meta: {
    type: 'suggestion',
    messages: { describe: 'Say why after two dashes: `eslint-disable-next-line RULE -- reason`.' },
    schema: [],
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          if (!directive.test(comment.value) || /\s--\s+\S/.test(comment.value)) continue;
          if (comment.loc)
            context.report({ loc: before(comment.loc.start), messageId: 'describe' });
        }
      },
    };
  },
};

/** A place just before the comment, so that the comment cannot silence the report about itself. */
function before(start: { line: number }): { line: number; column: number } {
  return { line: start.line, column: -1 };
}
