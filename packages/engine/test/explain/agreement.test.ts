import { compile, explainText } from '@downhaul/engine';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { context, snapshot, throwingContext } from '../support/arbitraries.ts';

const RUNS = { numRuns: 500 };

test('an explanation always agrees with the evaluation', () => {
  fc.assert(
    fc.property(snapshot, fc.array(context, { minLength: 1, maxLength: 4 }), (given, contexts) => {
      const evaluator = compile(given);
      for (const each of contexts) {
        for (const key of [...evaluator.flagKeys, 'nowhere']) {
          const explanation = evaluator.explain(key, each);
          expect(explanation.evaluation).toEqual(evaluator.evaluate(key, each));
          expect(explainText(explanation).length).toBeGreaterThan(1);
        }
      }
    }),
    RUNS,
  );
});

test('also where reading the context throws', () => {
  let unreadable = 0;
  fc.assert(
    fc.property(snapshot, throwingContext, (given, hostile) => {
      const evaluator = compile(given);
      for (const key of evaluator.flagKeys) {
        const evaluation = evaluator.evaluate(key, hostile);
        if (evaluation.errorCode === 'INVALID_CONTEXT') unreadable++;
        expect(evaluator.explain(key, hostile).evaluation).toEqual(evaluation);
      }
    }),
    RUNS,
  );
  expect(unreadable).toBeGreaterThan(100);
});

test('every stage decides in some of the generated evaluations', () => {
  const stages = new Set<string>();
  fc.assert(
    fc.property(snapshot, fc.oneof(context, throwingContext), (given, each) => {
      const evaluator = compile(given);
      for (const key of [...evaluator.flagKeys, 'nowhere']) {
        stages.add(evaluator.explain(key, each).decidedBy);
      }
    }),
    // The seed keeps the rarest stage from being missed by chance.
    { ...RUNS, seed: 5 },
  );
  expect([...stages].sort()).toEqual(
    ['capabilities', 'conflicts', 'context', 'down', 'missing', 'overrides'].concat([
      'requires',
      'rollout',
      'rules',
      'serve',
    ]),
  );
});
