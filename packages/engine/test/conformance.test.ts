import { readdirSync, readFileSync } from 'node:fs';
import {
  compile,
  type Evaluation,
  type EvaluationContext,
  type Snapshot,
  validateSnapshot,
} from '@downhaul/engine';
import { describe, expect, test } from 'vitest';

interface ConformanceFile {
  readonly description: string;
  readonly snapshot: Snapshot;
  readonly cases: readonly {
    readonly name: string;
    readonly flag: string;
    readonly context: EvaluationContext;
    readonly expect: Partial<Evaluation>;
  }[];
}

const folder = new URL('../../../conformance/evaluation/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));

test('there are conformance cases', () => {
  expect(names.length).toBeGreaterThan(10);
});

describe.each(names)('%s', (name) => {
  const file = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as ConformanceFile;
  const evaluator = compile(file.snapshot);

  test('the snapshot is valid and has the hash that was computed elsewhere', () => {
    expect(validateSnapshot(file.snapshot)).toMatchObject({ ok: true });
  });

  test.each(file.cases)('$name', ({ flag, context, expect: expected }) => {
    const evaluation = evaluator.evaluate(flag, context);
    expect(withoutMessage(evaluation)).toEqual(expected);
    expect(evaluator.handle(flag).evaluate(context)).toEqual(evaluation);
    expect(evaluator.explain(flag, context).evaluation).toEqual(evaluation);
  });

  test('evaluating all flags gives the same', () => {
    for (const { flag, context } of file.cases) {
      const position = evaluator.flagKeys.indexOf(flag);
      if (position < 0) continue;
      expect(evaluator.evaluateAll(context)[position]).toEqual(evaluator.evaluate(flag, context));
    }
  });
});

/** Messages are for people and belong to no other engine. */
function withoutMessage(evaluation: Evaluation): Partial<Evaluation> {
  const compared = JSON.parse(JSON.stringify(evaluation)) as Record<string, unknown>;
  delete compared['errorMessage'];
  return compared;
}
