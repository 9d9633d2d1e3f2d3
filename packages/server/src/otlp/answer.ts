import type { Metrics } from '../metrics/registry.ts';

/** What becomes of an export, beside what counts: a partial success names what was refused, and why. */
export interface Answer {
  /** Of another service than the token's. */
  foreign(service: string, items: number): void;
  /** Of a process beyond the bound. */
  beyond(items: number, bound: number): void;
  refuse(text: string, items: number): void;
  taken(): Taken;
}

export interface Taken {
  readonly rejected: number;
  /** Why, where anything was rejected or is to be known. */
  readonly message: string;
}

const NAMED_SERVICES = 5;
const MOST_REASONS = 20;

export function createAnswer(metrics: Metrics, service: string): Answer {
  const names = new Set<string>();
  const counts = { foreign: 0, beyond: 0, bound: 0 };
  const reasons = new Map<string, number>();
  const drop = (items: number, cause: string) =>
    metrics.count('downhaul_otlp_items_dropped_total', items, { cause });
  return {
    foreign: (other, items) => {
      counts.foreign += items;
      if (names.size < NAMED_SERVICES) names.add(other);
      drop(items, 'other_service');
    },
    beyond: (items, bound) => {
      counts.beyond += items;
      counts.bound = bound;
      drop(items, 'many_processes');
    },
    refuse: (text, items) => {
      reasons.set(text, (reasons.get(text) ?? 0) + items);
    },
    taken: () => {
      const problems: string[] = [];
      if (names.size > 0) {
        const told = [...names].join(', ');
        problems.push(`The token is bound to ${service}, this was told by ${told}.`);
      }
      if (counts.beyond > 0) {
        problems.push(`At most ${counts.bound} processes are taken from one export.`);
      }
      problems.push(...[...reasons.keys()].slice(0, MOST_REASONS));
      const refused = [...reasons.values()].reduce((sum, items) => sum + items, 0);
      return { rejected: counts.foreign + counts.beyond + refused, message: problems.join(' ') };
    },
  };
}
