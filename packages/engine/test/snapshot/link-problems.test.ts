import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LinkNode, linkProblems } from '../../src/snapshot/link-problems.ts';

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f'];
const graph = fc
  .tuple(...KEYS.map(() => fc.array(fc.constantFrom(...KEYS, 'nowhere'), { maxLength: 3 })))
  .map((lists) => new Map(lists.map((next, index) => [KEYS[index]!, { weight: 1, next }])));

test('finds what walking every path finds', () => {
  const found = new Set<string | undefined>();
  fc.assert(
    fc.property(
      graph,
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 4 }),
      (nodes, weight, depth) => {
        const problems = linkProblems(nodes, { weight, depth });
        for (const key of nodes.keys()) {
          const expected = problemByWalking(nodes, key, { weight, depth });
          found.add(expected);
          expect([key, problems.get(key)]).toEqual([key, expected]);
        }
      },
    ),
    { numRuns: 1000 },
  );
  expect(found).toEqual(new Set(['cycle', 'weight', 'depth', undefined]));
});

test('the order of the nodes does not matter', () => {
  fc.assert(
    fc.property(graph, (nodes) => {
      const limits = { weight: 5, depth: 3 };
      const reversed = new Map([...nodes].reverse());
      expect(new Map([...linkProblems(reversed, limits)].sort())).toEqual(
        new Map([...linkProblems(nodes, limits)].sort()),
      );
    }),
  );
});

test('a very long chain does not exhaust the stack', () => {
  const nodes = new Map<string, LinkNode>();
  for (let index = 0; index < 50_000; index++) {
    nodes.set(`n${index}`, { weight: 1, next: [`n${index + 1}`] });
  }
  expect(linkProblems(nodes, { weight: 50_001, depth: 50_001 }).size).toBe(0);
  nodes.set('n50000', { weight: 1, next: ['n0'] });
  expect(linkProblems(nodes, { weight: 10, depth: 10 }).get('n5')).toBe('cycle');
});

type Limits = { readonly weight: number; readonly depth: number };
type Nodes = ReadonlyMap<string, LinkNode>;

function problemByWalking(nodes: Nodes, key: string, limits: Limits): string | undefined {
  if (reaches(nodes, key, key)) return 'cycle';
  const { weight, depth } = costByWalking(nodes, key, limits);
  if (weight > limits.weight) return 'weight';
  return depth > limits.depth ? 'depth' : undefined;
}

function costByWalking(nodes: Nodes, key: string, limits: Limits): Limits {
  let weight = 1;
  let depth = 0;
  for (const next of nodes.get(key)?.next ?? []) {
    const fixed = !nodes.has(next) || problemByWalking(nodes, next, limits) !== undefined;
    const inner = fixed ? { weight: 1, depth: 1 } : costByWalking(nodes, next, limits);
    weight += inner.weight;
    depth = Math.max(depth, inner.depth);
  }
  return { weight, depth: depth + 1 };
}

function reaches(nodes: Nodes, from: string, to: string, seen = new Set<string>()): boolean {
  return (nodes.get(from)?.next ?? []).some((next) => {
    if (next === to) return true;
    if (seen.has(next)) return false;
    seen.add(next);
    return reaches(nodes, next, to, seen);
  });
}
