import {
  type ControllerStep,
  createTelemetryState,
  type Evidence,
  evidenceOf,
  foldIntake,
  type IntakeBody,
  next,
  type RolloutState,
} from '@downhaul/control';
import { unitHash } from '@downhaul/engine';
import { BATCH_MS, figuresOf, planFor, SHARES, STAGE } from './plan.ts';
import { seeded } from './random.ts';

export interface RoundTimes {
  readonly closeMs: number;
  readonly evidenceMs: number;
  readonly nextMs: number;
}

const START_MS = 1_700_000_000_000;
const PROJECT = 'default';
const ROLLOUTS_PER_ENVIRONMENT = 10;
const INSTANCES_PER_ENVIRONMENT = 10;
const WARM_BATCHES = 12;
const FAILING = 0.01;
const BUYING = 0.3;

/** Rollouts in their fourth stage with traffic, told by reports and closed batch by batch. */
export class Fleet {
  private readonly state = createTelemetryState();
  private readonly rollouts: RolloutState[] = [];
  private readonly random = seeded(1);
  private readonly units: number;
  private sequence = 0;
  private batch = 0;
  private nowMs = START_MS;
  private readonly commands = new Map<string, number>();

  constructor(size: { readonly rollouts: number; readonly units: number }) {
    this.units = size.units;
    for (let number = 0; number < size.rollouts; number += 1) this.start(number);
    this.greet();
  }

  get closedBatches(): number {
    return this.batch;
  }

  get unitsPerRollout(): number {
    return this.batch * this.units;
  }

  /** Batches until starts of four stages are at work and units return; nothing is timed. */
  warmUp(): void {
    for (let batch = 0; batch < WARM_BATCHES; batch += 1) {
      if (batch % 3 === 0 && batch > 0) this.raise();
      this.round();
    }
  }

  /** One batch of every rollout: told, then closed, looked at and decided, the last three on the clock. */
  round(): RoundTimes {
    this.commands.clear();
    const endMs = START_MS + (this.batch + 1) * BATCH_MS;
    this.nowMs = endMs;
    this.tell();
    this.nowMs = endMs + this.state.options.graceMs;
    const closeMs = this.timed(() => {
      for (const { id } of this.rollouts) {
        this.fold({ type: 'batchClosed', rollout: id, batch: this.batch, endMs });
      }
    });
    const found: (Evidence | undefined)[] = [];
    const evidenceMs = this.timed(() => {
      for (const { id } of this.rollouts) found.push(evidenceOf(this.state, id, this.nowMs));
    });
    const steps: ControllerStep[] = [];
    const nextMs = this.timed(() => {
      for (const [index, rollout] of this.rollouts.entries()) {
        const evidence = found[index];
        const input = { rollout, flagDown: false, nowMs: this.nowMs };
        steps.push(next(evidence === undefined ? input : { ...input, evidence }));
      }
    });
    for (const { command, waitsFor } of steps) {
      const waiting = `wait (${waitsFor?.code})`;
      const cause = command !== undefined && 'cause' in command ? ` (${command.cause.code})` : '';
      this.note(command === undefined ? waiting : command.type + cause);
    }
    this.batch += 1;
    return { closeMs, evidenceMs, nextMs };
  }

  commandsText(): string {
    return [...this.commands].map(([name, count]) => `${count} ${name}`).join(', ');
  }

  private start(number: number): void {
    const plan = planFor(number);
    const environment = `e${Math.floor(number / ROLLOUTS_PER_ENVIRONMENT)}`;
    const flag = `f${number}`;
    const rollout: RolloutState = {
      id: `${PROJECT}/${environment}/${flag}#1`,
      project: PROJECT,
      environment,
      flag,
      attempt: 1,
      plan,
      to: 'on',
      control: 'off',
      salt: flag,
      status: 'running',
      stage: 0,
      allocations: [{ sharePerMillion: SHARES[0] ?? 0 }],
      peak: [{ sharePerMillion: SHARES[0] ?? 0 }],
      startedAtMs: START_MS,
      stageEnteredAtMs: START_MS,
      statusSinceMs: START_MS,
      frozen: figuresOf(plan),
      version: number * STAGE + 1,
      startedBy: 'owner',
      unguarded: false,
    };
    this.rollouts.push(rollout);
    this.change(rollout);
  }

  private raise(): void {
    for (const [index, before] of this.rollouts.entries()) {
      const stage = before.stage + 1;
      const allocations = [{ sharePerMillion: SHARES[stage] ?? 0 }];
      const at = { stageEnteredAtMs: this.nowMs, statusSinceMs: this.nowMs };
      const rollout = { ...before, ...at, stage, allocations, version: before.version + 1 };
      this.rollouts[index] = rollout;
      this.change(rollout);
    }
  }

  private change(rollout: RolloutState): void {
    this.fold({ type: 'rolloutChanged', change: { position: rollout.version, rollout } });
  }

  private greet(): void {
    for (const environment of this.environments()) {
      for (let number = 0; number < INSTANCES_PER_ENVIRONMENT; number += 1) {
        this.fold({
          type: 'acknowledgement',
          scope: { project: PROJECT, environment, service: `s${number % 5}` },
          acknowledgement: {
            instance: `i${number}`,
            version: 1,
            sdk: { name: 'downhaul', version: '1', formatVersion: 1 },
            capabilities: ['rollout'],
            reportsExposures: true,
            sentAtMs: this.nowMs,
          },
        });
      }
    }
  }

  /** New units of every rollout; every instance reports, so that batches are complete. */
  private tell(): void {
    const atMs = START_MS + this.batch * BATCH_MS + 1;
    for (const environment of this.environments()) {
      const rollouts = this.rollouts.filter((rollout) => rollout.environment === environment);
      for (const rollout of rollouts) this.count(rollout, atMs);
      for (let number = 0; number < INSTANCES_PER_ENVIRONMENT; number += 1) {
        const exposures = [];
        const outcomes = [];
        for (const rollout of rollouts.filter(
          (_, at) => at % INSTANCES_PER_ENVIRONMENT === number,
        )) {
          for (let place = 0; place < this.units; place += 1) {
            const unit = this.unitOf(rollout, place);
            const exposure = this.exposureOf(rollout, unit, atMs);
            exposures.push(exposure);
            outcomes.push({ unit, metric: 'http.latency', atMs, value: this.draw(99) });
            if (this.random() < BUYING) {
              outcomes.push({ unit, metric: 'checkout.completed', atMs, value: 1 });
              outcomes.push({ unit, metric: 'basket', atMs, value: 20 + this.draw(100) });
            }
            if (this.random() < FAILING) {
              outcomes.push({ unit, metric: 'http.error_rate', atMs, value: 1 });
            }
          }
        }
        this.fold({
          type: 'report',
          scope: { project: PROJECT, environment, service: `s${number % 5}` },
          report: {
            instance: `i${number}`,
            sequence: this.batch + 1,
            sentAtMs: atMs,
            throughMs: atMs + BATCH_MS,
            version: 1,
            exposures,
            outcomes,
            activity: [],
            dropped: { exposures: 0, outcomes: 0 },
          },
        });
      }
    }
  }

  /** One in three came before; where stages change, these are units that return. */
  private unitOf({ flag }: RolloutState, place: number): string {
    const batch = place % 3 === 0 ? this.draw(this.batch + 1) : this.batch;
    return unitHash('salt', `${flag}-${batch}-${place}`);
  }

  private exposureOf(rollout: RolloutState, unit: string, atMs: number) {
    const { id, flag, stage, version } = rollout;
    // A unit's place below the share is fixed by its name, as bucketing has it.
    const treated = placeOf(unit) * 1_000_000 < (SHARES[stage] ?? 0);
    const arm = treated ? ('treatment' as const) : ('control' as const);
    return { flag, rollout: id, stage, allocation: 0, arm, served: true, version, unit, atMs };
  }

  /** What OTLP tells of a rollout by request, both arms. */
  private count(rollout: RolloutState, fromMs: number): void {
    const { id, stage, environment } = rollout;
    const share = (SHARES[stage] ?? 0) / 1_000_000;
    const toMs = fromMs + BATCH_MS - 2;
    const item = { rollout: id, metric: 'denied', stage, fromMs, toMs, batch: this.batch };
    this.fold({
      type: 'counted',
      scope: { project: PROJECT, environment, service: 's0' },
      source: 'otlp',
      items: [
        { ...item, arm: 'treatment', exposure: 1_000 * share, events: this.draw(2) },
        { ...item, arm: 'control', exposure: 1_000 * (1 - share), events: this.draw(20) },
      ],
      sender: { instance: 'i0', throughMs: fromMs + BATCH_MS - 1 },
    });
  }

  private fold(body: IntakeBody): void {
    this.sequence += 1;
    foldIntake(this.state, { sequence: this.sequence, atMs: this.nowMs, ...body });
  }

  private environments(): Set<string> {
    return new Set(this.rollouts.map(({ environment }) => environment));
  }

  private draw(below: number): number {
    return Math.floor(this.random() * below);
  }

  private note(name: string): void {
    this.commands.set(name, (this.commands.get(name) ?? 0) + 1);
  }

  private timed(run: () => void): number {
    const startedMs = performance.now();
    run();
    return performance.now() - startedMs;
  }
}

/** A number in [0, 1) that a name stands for. */
function placeOf(unit: string): number {
  let hash = 2_166_136_261;
  for (let at = 0; at < unit.length; at += 1) {
    hash = Math.imul(hash ^ unit.charCodeAt(at), 16_777_619);
  }
  return (Math.imul(hash ^ (hash >>> 15), 2_246_822_519) >>> 0) / 2 ** 32;
}
