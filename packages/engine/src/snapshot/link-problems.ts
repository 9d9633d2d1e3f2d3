/** Something that refers to others of its kind: a flag by `requires`, a segment by its conditions. */
export interface LinkNode {
  /** What evaluating it costs by itself. */
  readonly weight: number;
  /** Every mention: what is named twice is evaluated twice. */
  readonly next: readonly string[];
}

interface LinkLimits {
  readonly weight: number;
  readonly depth: number;
}

export type LinkProblem = 'cycle' | 'weight' | 'depth';

interface Cost {
  readonly weight: number;
  readonly depth: number;
}

/** Nothing of a node with a problem is evaluated but its fixed answer; the same for a missing one. */
const FIXED: Cost = { weight: 1, depth: 1 };

/**
 * The nodes that cannot be evaluated: those on a cycle, and those that cost more than the limits when
 * every reference is evaluated anew, as it is (few nodes may have very many paths between them).
 * Tarjan's strongly connected components, which come out with the referred-to first; no recursion,
 * linear in nodes and references, independent of the order of the nodes.
 */
export function linkProblems(
  nodes: ReadonlyMap<string, LinkNode>,
  limits: LinkLimits,
): ReadonlyMap<string, LinkProblem> {
  const problems = new Map<string, LinkProblem>();
  const costs = new Map<string, Cost>();
  for (const component of components(nodes)) {
    const [key = ''] = component;
    const node = nodes.get(key);
    if (node === undefined) continue;
    if (component.length > 1 || node.next.includes(key)) {
      for (const member of component) problems.set(member, 'cycle');
      continue;
    }
    const cost = sumCosts(node, costs);
    if (cost.weight > limits.weight) problems.set(key, 'weight');
    else if (cost.depth > limits.depth) problems.set(key, 'depth');
    else costs.set(key, cost);
  }
  return problems;
}

function sumCosts(node: LinkNode, costs: ReadonlyMap<string, Cost>): Cost {
  let { weight } = node;
  let depth = 0;
  for (const key of node.next) {
    const inner = costs.get(key) ?? FIXED;
    weight += inner.weight;
    depth = Math.max(depth, inner.depth);
  }
  return { weight, depth: depth + 1 };
}

interface Visit {
  readonly key: string;
  readonly next: readonly string[];
  position: number;
  readonly index: number;
  lowest: number;
}

function components(nodes: ReadonlyMap<string, LinkNode>): readonly (readonly string[])[] {
  const search = new ComponentSearch(nodes);
  for (const key of nodes.keys()) search.from(key);
  return search.found;
}

class ComponentSearch {
  readonly found: string[][] = [];
  readonly #nodes: ReadonlyMap<string, LinkNode>;
  readonly #visits = new Map<string, Visit>();
  /** Visited and not yet in a component. */
  readonly #open: string[] = [];
  readonly #isOpen = new Set<string>();

  constructor(nodes: ReadonlyMap<string, LinkNode>) {
    this.#nodes = nodes;
  }

  from(start: string): void {
    if (this.#visits.has(start)) return;
    const path = [this.#enter(start)];
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const next = visit.next[visit.position++];
      if (next !== undefined) {
        const seen = this.#visits.get(next);
        if (seen === undefined) path.push(this.#enter(next));
        else if (this.#isOpen.has(next)) visit.lowest = Math.min(visit.lowest, seen.index);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) parent.lowest = Math.min(parent.lowest, visit.lowest);
      if (visit.lowest === visit.index) this.#close(visit.key);
    }
  }

  #enter(key: string): Visit {
    const index = this.#visits.size;
    const next = this.#nodes.get(key)?.next ?? [];
    const visit = { key, next, position: 0, index, lowest: index };
    this.#visits.set(key, visit);
    this.#open.push(key);
    this.#isOpen.add(key);
    return visit;
  }

  #close(root: string): void {
    const component = this.#open.splice(this.#open.lastIndexOf(root));
    for (const key of component) this.#isOpen.delete(key);
    this.found.push(component);
  }
}
