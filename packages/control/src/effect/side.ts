import {
  compile,
  type Condition,
  type Evaluation,
  type EvaluationContext,
  SNAPSHOT_FORMAT_VERSION,
  type SnapshotFlag,
} from '@downhaul/engine';
import { flagEntry } from '../snapshot/snapshot-flag.ts';
import type { ControlState, FlagState, ProjectState } from '../state/types.ts';
import { holdsFor, type UnitCase } from './cases.ts';
import { unitName } from './units.ts';

const EVERYONE: Condition = { all: [] };

/** What an environment serves on one side of a change: before it, or after it. */
export class Side {
  readonly #state: ControlState;
  readonly #project: ProjectState | undefined;
  readonly #environment: string;
  readonly #entries = new Map<string, SnapshotFlag | undefined>();

  constructor(
    state: ControlState,
    place: { readonly project: string; readonly environment: string },
  ) {
    this.#state = state;
    this.#project = state.projects.get(place.project);
    this.#environment = place.environment;
  }

  flag(key: string): FlagState | undefined {
    return this.#project?.flags.get(key);
  }

  readonly segmentOf = (key: string): Condition | undefined => this.#project?.segments.get(key)?.if;

  /** The flag's entry without per-unit overrides; undefined where it is not in the environment. */
  entry(key: string): SnapshotFlag | undefined {
    if (!this.#entries.has(key)) this.#entries.set(key, this.#build(key));
    return this.#entries.get(key);
  }

  /** The flags that are served in consequence of this one: those that require it, and its rivals. */
  dependants(key: string): readonly string[] {
    const mentions = this.#project?.mentions.get(key);
    return [...(mentions?.requiredBy ?? []), ...this.#rivals(key)];
  }

  /** The entries that the evaluation of a flag looks at, its own first. */
  around(key: string): readonly SnapshotFlag[] {
    const reached = new Set([key]);
    const found: SnapshotFlag[] = [];
    // A set's iteration also visits what is added meanwhile.
    for (const each of reached) {
      const entry = this.entry(each);
      if (entry === undefined) continue;
      found.push(entry);
      for (const { flag } of entry.requires) reached.add(flag);
      for (const rival of this.#rivals(each)) reached.add(rival);
    }
    return found;
  }

  #rivals(key: string): readonly string[] {
    const own = this.flag(key);
    const named = own === undefined || own.archived ? [] : own.definition.conflicts;
    return [...named, ...(this.#project?.mentions.get(key)?.conflictedBy ?? [])];
  }

  #build(key: string): SnapshotFlag | undefined {
    const flag = this.flag(key);
    const entry =
      flag &&
      flagEntry(flag, {
        environment: this.#environment,
        segments: () => undefined,
        proofs: this.#state.proofs,
        pages: () => undefined,
      });
    return entry && { ...entry, capabilities: [] };
  }
}

/** What flags serve units of a case, by the engine's own evaluation. */
export function evaluateFor(
  entries: readonly SnapshotFlag[],
  unit: UnitCase,
  segmentOf: Side['segmentOf'],
): (key: string, context: EvaluationContext) => Evaluation {
  const flags = entries.map((entry) => [entry.key, forCase(entry, unit, segmentOf)] as const);
  const evaluator = compile({
    formatVersion: SNAPSHOT_FORMAT_VERSION,
    project: '',
    environment: '',
    version: 0,
    hash: '',
    unitSalt: '',
    flags: Object.fromEntries(flags),
    segments: {},
  });
  return (key, context) => evaluator.evaluate(key, context);
}

/** The entry as it is for units of a case: every condition is known to hold or not to. */
function forCase(entry: SnapshotFlag, unit: UnitCase, segmentOf: Side['segmentOf']): SnapshotFlag {
  const holds = (condition: Condition | undefined) =>
    condition === undefined || holdsFor(unit, condition, segmentOf);
  const { rules, rollout, ...rest } = withUnitNames(entry);
  const own = (allocations: NonNullable<typeof rollout>['allocations']) =>
    allocations
      .filter(({ audience }) => holds(audience))
      .map(({ sharePerMillion }) => ({ sharePerMillion }));
  return {
    ...rest,
    rules: rules.filter((rule) => holds(rule.if)).map((rule) => ({ ...rule, if: EVERYONE })),
    ...(rollout === undefined
      ? {}
      : {
          rollout: { ...rollout, allocations: own(rollout.allocations), peak: own(rollout.peak) },
        }),
  };
}

/** The entry with units named as `unitsOf` makes them. */
export function withUnitNames({ rules, rollout, ...rest }: SnapshotFlag): SnapshotFlag {
  return {
    ...rest,
    rules: rules.map((rule) =>
      rule.split?.unit === undefined
        ? rule
        : { ...rule, split: { ...rule.split, unit: unitName(rule.split.unit) } },
    ),
    ...(rollout === undefined ? {} : { rollout: { ...rollout, unit: unitName(rollout.unit) } }),
  };
}
