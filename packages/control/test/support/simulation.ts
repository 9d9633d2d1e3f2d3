import {
  acceptReport,
  assessProof,
  buildSnapshot,
  type ControllerStep,
  createTelemetryState,
  dueBatches,
  evidenceOf,
  foldIntake,
  type IntakeRow,
  type IntakeBody,
  type MetricDefinition,
  next,
  nextProofCommand,
  type Plan,
  type ProofView,
  type RolloutState,
  type TelemetryState,
} from '@downhaul/control';
import {
  type Arm,
  compile,
  type Evaluator,
  type Exposure,
  type ExposureItem,
  latencyBucketOf,
  type OutcomeItem,
  type TelemetryReport,
  unitHash,
} from '@downhaul/engine';
import { expect } from 'vitest';
import { generator } from './random.ts';
import { CONTROLLER, someFlag, startedWorld, type World } from './world.ts';

const FLAG = 'new-checkout';
const ENVIRONMENT = 'production';
const PLACE = { project: 'default', environment: ENVIRONMENT };
const REPORT_MS = 10_000;

export interface Visit {
  readonly user: string;
  readonly arm: Arm;
  readonly stage: number;
  readonly atMs: number;
  readonly random: () => number;
}

export interface SimulationOptions {
  readonly plan: Plan;
  readonly seed: number;
  readonly users: number;
  readonly visitsPerReport: number;
  /** What a visit does to its user; failures are seen by another service than the one that decides. */
  readonly outcome: (visit: Visit) => VisitOutcome;
  /** Documents of the metrics that the plan names beside those that are built in. */
  readonly metrics?: readonly MetricDefinition[];
  /** False for what never arrives: the sighting of a visit, or a whole report. */
  readonly arrives?: (visit: Visit, sinceStartMs: number) => boolean;
  readonly reports?: (sinceStartMs: number) => boolean;
  /** How long a report of `store-1`, `store-2` or `pay-1` is under way; Infinity for an instance cut off. */
  readonly delayMs?: (instance: string, sinceStartMs: number) => number;
  /** False once an instance was killed. */
  readonly lives?: (instance: string, sinceStartMs: number) => boolean;
  readonly affects?: readonly string[];
  /** What the storefront's context says of a user, besides who it is. */
  readonly context?: (user: string) => Readonly<Record<string, string>>;
}

export interface VisitOutcome {
  readonly failed: boolean;
  readonly latencyMs: number;
  /** What the visit tracks, told by the service that decides. */
  readonly tracked?: readonly Omit<OutcomeItem, 'unit'>[];
}

/** A report on its way, or arrived. */
interface Sent {
  readonly instance: Instance;
  readonly report: TelemetryReport;
  readonly arrivesAtMs: number;
}

interface Instance {
  readonly id: string;
  readonly service: string;
  sequence: number;
  seen: Set<string>;
}

/**
 * Users, instances, a real control state and the controller, in virtual time: every ten seconds the
 * storefront's instances report exposures and the payments service reports what became of the visits.
 */
export class Simulation {
  readonly world: World = startedWorld();
  readonly telemetry: TelemetryState = createTelemetryState({ graceMs: REPORT_MS });
  readonly rows: IntakeRow[] = [];
  readonly steps: { readonly atMs: number; readonly step: ControllerStep }[] = [];
  readonly startedAtMs: number;
  /** Every report that was made, whether or not it has arrived. */
  readonly sent: Sent[] = [];
  treatedFailures = 0;
  readonly treatedUsers = new Set<string>();
  private readonly options: SimulationOptions;
  private readonly random: () => number;
  private readonly storefronts: readonly Instance[] = ['store-1', 'store-2'].map((id) =>
    instanceOf(id, 'storefront'),
  );
  private readonly payments: Instance = instanceOf('pay-1', 'payments');
  private underWay: Sent[] = [];
  private evaluator: Evaluator | undefined;
  private changed: RolloutState | undefined;

  constructor(options: SimulationOptions) {
    this.options = options;
    this.random = generator(options.seed);
    for (const metric of options.metrics ?? []) this.world.accept({ type: 'putMetric', metric });
    this.world.accept({ type: 'putPlan', plan: { ...options.plan, key: 'simulated' } });
    this.world.accept({
      type: 'putFlag',
      definition: someFlag({
        affects: options.affects ?? [],
        environments: {
          [ENVIRONMENT]: {
            serve: 'off',
            rules: [],
            rollout: { plan: 'simulated', to: 'on', attempt: 1 },
          },
        },
      }),
    });
    this.world.accept({ type: 'startRollout', flag: FLAG, environment: ENVIRONMENT });
    this.startedAtMs = this.world.nowMs;
    this.follow();
  }

  get rollout(): RolloutState {
    return this.world.rollout(FLAG) ?? expect.fail('there is no rollout');
  }

  get evidence() {
    return evidenceOf(this.telemetry, this.rollout.id, this.world.nowMs);
  }

  /** Lets time pass until a status, or the limit, is reached. */
  run(limitMs: number, until: (rollout: RolloutState) => boolean): void {
    const endMs = this.world.nowMs + limitMs;
    while (this.world.nowMs < endMs && !until(this.rollout)) this.tick();
  }

  /** One report interval: visits, reports, batches that are due, and the controller's step. */
  tick(): void {
    const beganAtMs = this.world.nowMs;
    const reports = this.visit(beganAtMs);
    this.world.nowMs = beganAtMs + REPORT_MS;
    this.send(reports);
    const due = dueBatches(this.telemetry, this.world.nowMs);
    for (const batch of due) this.add({ type: 'batchClosed', ...batch });
    if (due.length > 0) this.decide();
    this.prove();
  }

  proof(): ProofView | undefined {
    const id = this.world.here(FLAG)?.proof;
    const proof = id === undefined ? undefined : this.world.state.proofs.get(id);
    if (proof === undefined) return undefined;
    const { telemetry, rollout } = this;
    return assessProof({ proof, rollout, telemetry, nowMs: this.world.nowMs });
  }

  add(body: IntakeBody): void {
    const row = { sequence: this.rows.length + 1, atMs: this.world.nowMs, ...body };
    this.rows.push(row);
    foldIntake(this.telemetry, row);
  }

  /** Reports that were made go on their way; those that are through arrive, as the server takes them. */
  private send(reports: readonly (readonly [Instance, TelemetryReport])[]): void {
    const { nowMs } = this.world;
    const { reports: sends, delayMs } = this.options;
    for (const [instance, report] of reports) {
      if (sends?.(this.sinceStartMs) === false) continue;
      const arrivesAtMs = nowMs + (delayMs?.(instance.id, this.sinceStartMs) ?? 0);
      this.sent.push({ instance, report, arrivesAtMs });
      this.underWay.push({ instance, report, arrivesAtMs });
    }
    const arrived = this.underWay
      .filter(({ arrivesAtMs }) => arrivesAtMs <= nowMs)
      .sort((one, other) => one.arrivesAtMs - other.arrivesAtMs);
    this.underWay = this.underWay.filter(({ arrivesAtMs }) => arrivesAtMs > nowMs);
    for (const { instance, report } of arrived) this.take(instance, report);
  }

  private take({ service }: Instance, sent: TelemetryReport): void {
    const scope = { ...PLACE, service };
    const receivedAtMs = this.world.nowMs;
    const taken = acceptReport(this.telemetry, { scope, report: sent, receivedAtMs });
    if (!taken.ok) expect.fail(taken.message);
    const { report, clockCorrectionMs } = taken;
    this.add({ type: 'report', scope, report, clockCorrectionMs });
  }

  private get sinceStartMs(): number {
    return this.world.nowMs - this.startedAtMs;
  }

  private lives({ id }: Instance): boolean {
    return this.options.lives?.(id, this.sinceStartMs) ?? true;
  }

  private decide(): void {
    const { evidence } = this;
    const step = next({
      rollout: this.rollout,
      flagDown: this.world.here(FLAG)?.down ?? false,
      ...(evidence === undefined ? {} : { evidence }),
      nowMs: this.world.nowMs,
    });
    if (step.command === undefined) return;
    this.steps.push({ atMs: this.world.nowMs, step });
    const at = this.world.nowMs;
    this.world.accept({ ...step.command, actor: CONTROLLER });
    this.world.nowMs = at;
    this.follow();
  }

  private prove(): void {
    const view = this.proof();
    const command = view && nextProofCommand(view);
    if (command === undefined) return;
    const at = this.world.nowMs;
    this.world.accept({ ...command, actor: CONTROLLER });
    this.world.nowMs = at;
    this.follow();
  }

  /** What changed goes to the fold and to the instances. */
  private follow(): void {
    const { rollout } = this;
    if (rollout !== this.changed) {
      const { affects = [] } = this.options;
      this.add({
        type: 'rolloutChanged',
        change: { position: rollout.version, rollout, affects },
      });
      this.changed = rollout;
    }
    const snapshot = buildSnapshot(this.world.state, PLACE, { pages: () => undefined });
    if (snapshot === undefined) expect.fail('there is no environment');
    this.evaluator = compile(snapshot);
    for (const instance of [...this.storefronts, this.payments].filter((each) =>
      this.lives(each),
    )) {
      instance.seen = new Set();
      if (this.options.delayMs?.(instance.id, this.sinceStartMs) === Infinity) continue;
      this.acknowledge(instance, snapshot.version);
    }
  }

  private acknowledge(instance: Instance, version: number): void {
    this.add({
      type: 'acknowledgement',
      scope: { ...PLACE, service: instance.service },
      acknowledgement: {
        instance: instance.id,
        version,
        sdk: { name: 'simulated', version: '1', formatVersion: 1 },
        capabilities: [],
        reportsExposures: true,
        sentAtMs: this.world.nowMs,
      },
    });
  }

  private visit(beganAtMs: number): (readonly [Instance, TelemetryReport])[] {
    const { evaluator, options, random } = this;
    const drafts: Drafts = new Map(
      [...this.storefronts, this.payments]
        .filter((instance) => this.lives(instance))
        .map((instance) => [instance, draft()]),
    );
    for (let visit = 0; visit < options.visitsPerReport; visit++) {
      const user = `user-${Math.floor(random() * options.users)}`;
      const atMs = beganAtMs + Math.floor(random() * REPORT_MS);
      const exposure = evaluator?.evaluate(FLAG, { targetingKey: user }).exposure;
      const arm = exposure?.arm ?? 'control';
      const seen = { user, arm, stage: exposure?.stage ?? -3, atMs, random };
      const became = options.outcome(seen);
      if (arm === 'treatment') this.countTreated(user, became.failed);
      if (options.arrives?.(seen, atMs - this.startedAtMs) === false) continue;
      this.tell(drafts, seen, { ...became, exposure });
    }
    const version = evaluator?.snapshot.version ?? 0;
    return [...drafts].map(([instance, items]) => [instance, this.seal(instance, items, version)]);
  }

  private countTreated(user: string, failed: boolean): void {
    this.treatedUsers.add(user);
    if (failed) this.treatedFailures += 1;
  }

  /** The storefront tells who was exposed and how slow it was, payments what failed. */
  private tell(drafts: Drafts, { user, atMs, random }: Visit, became: Became): void {
    const { exposure, failed, latencyMs, tracked = [] } = became;
    const unit = unitHash('salt-production', user);
    const storefronts = this.storefronts.filter((each) => drafts.has(each));
    const instance =
      storefronts[Math.floor(random() * storefronts.length)] ?? expect.fail('no storefront lives');
    const store = drafts.get(instance);
    if (exposure?.measured && store) {
      const { flag, rollout, stage, allocation, arm } = exposure;
      const version = this.evaluator?.snapshot.version ?? 0;
      store.uses.push({ flag, rollout, stage, arm, version, count: 1, lastAtMs: atMs });
      if (!instance.seen.has(user)) {
        instance.seen.add(user);
        const decided = { flag, rollout, stage, allocation, arm, version };
        store.exposures.push({ ...decided, served: true, unit, atMs, ...this.slicesOf(user) });
      }
      const value = latencyBucketOf(latencyMs);
      store.outcomes.push({ unit, metric: 'http.latency', atMs, value });
      for (const item of tracked) store.outcomes.push({ ...item, unit });
    }
    const payments = drafts.get(this.payments);
    if (failed) payments?.outcomes.push({ unit, metric: 'http.error_rate', atMs, value: 1 });
  }

  /** Of the context only what the snapshot asks for. */
  private slicesOf(user: string): Pick<ExposureItem, 'slices'> {
    const context = this.options.context?.(user) ?? {};
    const asked = this.evaluator?.snapshot.flags[FLAG]?.rollout?.slices ?? [];
    const told = asked.filter((attribute) => attribute in context);
    if (told.length === 0) return {};
    return { slices: Object.fromEntries(told.map((each) => [each, context[each] ?? ''])) };
  }

  private seal(instance: Instance, items: Draft, version: number): TelemetryReport {
    instance.sequence += 1;
    return {
      instance: instance.id,
      sequence: instance.sequence,
      sentAtMs: this.world.nowMs + REPORT_MS,
      version,
      exposures: items.exposures,
      outcomes: items.outcomes,
      activity: items.uses,
      dropped: { exposures: 0, outcomes: 0 },
    };
  }
}

type Drafts = Map<Instance, Draft>;

interface Became extends VisitOutcome {
  readonly exposure: Exposure | undefined;
}

interface Draft {
  readonly exposures: TelemetryReport['exposures'][number][];
  readonly outcomes: TelemetryReport['outcomes'][number][];
  readonly uses: TelemetryReport['activity'][number][];
}

function draft(): Draft {
  return { exposures: [], outcomes: [], uses: [] };
}

function instanceOf(id: string, service: string): Instance {
  return { id, service, sequence: 0, seen: new Set() };
}
