import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStyle } from '../../src/output/style.ts';
import { displayWidth } from '../../src/output/text.ts';
import type { Layout } from '../../src/watch/layout.ts';
import type { RolloutModel, WatchModel } from '../../src/watch/model.ts';
import { symbolsFor } from '../../src/watch/symbols.ts';
import { watchView } from '../../src/watch/view.ts';

const symbols = symbolsFor({ LANG: 'C' });
const layout: Layout = { columns: 80, rows: 40, style: createStyle(false), symbols };
const minute = 60_000;

const rollout: RolloutModel = {
  attempt: 2,
  plan: 'canary',
  to: 'on',
  status: 'running',
  statusSinceMs: 0,
  stageEnteredAtMs: 60 * minute,
  stage: 1,
  stages: [
    { sharePerMillion: 10_000, partial: true, bakeMs: 30 * minute },
    { sharePerMillion: 250_000, partial: false, bakeMs: 60 * minute },
    { sharePerMillion: 1_000_000, partial: false, bakeMs: 1440 * minute },
  ],
  served: true,
  unguarded: false,
  budgets: [],
  recorded: [],
  units: { treatment: 12_041, control: 36_120 },
  guardrails: [
    {
      name: 'http.error_rate',
      kind: 'guardrail',
      verdict: 'inconclusive',
      harmPart: 0.28,
      safePart: 0.6,
    },
    { name: 'checkout.completed', kind: 'signal', verdict: 'safe', harmPart: 0 },
  ],
  slices: [
    {
      name: 'platform=web',
      verdict: 'inconclusive',
      units: { treatment: 11_000, control: 33_000 },
      minimumSample: 100,
      harmPart: 0.05,
    },
    {
      name: 'platform=ios',
      verdict: 'suspect',
      units: { treatment: 900, control: 2_700 },
      minimumSample: 100,
      harmPart: 0.6,
    },
    {
      name: 'platform=tv',
      verdict: 'tooFew',
      units: { treatment: 7, control: 20 },
      minimumSample: 100,
      harmPart: 0,
    },
  ],
  sentences: ['Nothing speaks for harm so far.'],
  waiting: [{ text: 'the bake of stage 2', untilMs: 120 * minute }],
};

const model: WatchModel = {
  flag: 'new-checkout',
  project: 'default',
  environment: 'production',
  version: 1042,
  nowMs: 75 * minute,
  down: false,
  rollout,
  instances: { version: 1040, live: 3, reached: 2, missing: ['pricing-7f9c'] },
};

function view(changes: Partial<WatchModel> = {}, look: Partial<Layout> = {}): string {
  return watchView({ ...model, ...changes }, { ...layout, ...look }).join('\n');
}

function withRollout(changes: Partial<RolloutModel>): string {
  return view({ rollout: { ...rollout, ...changes } });
}

describe('watchView', () => {
  it('says what is watched and at which version', () => {
    const [first] = watchView(model, layout);
    expect(first).toContain('new-checkout, production, plan canary, attempt 2');
    expect(first).toMatch(/version 1042$/);
    expect(displayWidth(first ?? '')).toBe(80);
  });

  it('shows the stages with their shares and how far the present one has baked', () => {
    const lines = view();
    expect(lines).toContain('RUNNING  stage 2 of 3, `on` at 25%');
    expect(lines).toMatch(/\+ +1%\* {2}baked 30m/);
    expect(lines).toMatch(/> +25% {2}#{6}\.{18} {2}baked 15m of 1h/);
    expect(lines).toMatch(/ +100% {2}bakes 1d/);
    expect(lines).toContain('* for a part of the users');
  });

  it('shows the units and the evidence of each guardrail against its limit', () => {
    const lines = view();
    expect(lines).toContain('12041 treatment, 36120 control');
    expect(lines).toMatch(/http\.error_rate +harm #+\.+ +28% +safe #+\.+ +60% {2}inconclusive/);
    expect(lines).toMatch(/checkout\.completed +harm \.+ +0% {2}safe \(signal\)/);
  });

  it('says which guardrail knows requests alone', () => {
    const lines = withRollout({
      guardrails: [
        { name: 'denied', kind: 'guardrail', verdict: 'safe', harmPart: 0, approximate: true },
      ],
    });
    expect(lines).toMatch(/denied +harm \.+ +0% {2}safe \(approximate, by request\)/);
  });

  it('shows what is told apart, what looks worst first, and synthetic traffic apart from it', () => {
    const lines = withRollout({
      synthetic: { treatment: { units: 40, bad: 3 }, control: { units: 0, bad: 0 } },
    }).split('\n');
    const at = lines.indexOf('told apart');
    expect(lines.slice(at + 1, at + 5)).toEqual([
      expect.stringMatching(/platform=ios +harm #+\.+ +60% {2}suspect +900 of 3600 treated/),
      expect.stringMatching(/platform=web +harm #\.+ +5% {2}inconclusive +11000 of 44000 treated/),
      expect.stringMatching(/platform=tv +harm \.+ +0% {2}below 100 +7 of 27 treated/),
      '  synthetic, apart from all this: 3 of 40 units of treatment failed',
    ]);
    expect(withRollout({ slices: [] })).not.toContain('told apart');
  });

  it('shows error budgets and what was recorded before the rollout', () => {
    const lines = withRollout({
      budgets: [
        { name: 'http.error_rate 99.9% over 30d', state: 'burning', spent: 0.84 },
        { name: 'http.latency 99% over 7d', state: 'unknown' },
      ],
      recorded: ['baseline: 3 of 4000 units bad, http.error_rate@60000'],
    }).split('\n');
    const at = lines.indexOf('beside the arms');
    expect(lines.slice(at + 1, at + 4)).toEqual([
      expect.stringMatching(/http\.error_rate 99\.9% over 30d +spent #+\.+ +84% {2}burning/),
      expect.stringMatching(/http\.latency 99% over 7d +spent \.+ +\? {2}unknown/),
      '  baseline: 3 of 4000 units bad, http.error_rate@60000',
    ]);
    expect(view()).not.toContain('beside the arms');
  });

  it('gives the verdict in sentences and says what it waits for and how long', () => {
    const lines = view();
    expect(lines).toContain('Nothing speaks for harm so far.');
    expect(lines).toContain('waiting: the bake of stage 2, 45m to go');
  });

  it('counts who runs the version and names who does not', () => {
    expect(view()).toContain('2 of 3 on version 1040');
    expect(view()).toContain('missing  pricing-7f9c');
    const missing = Array.from({ length: 9 }, (_, index) => `pod-${index}`);
    expect(view({ instances: { version: 1, live: 9, reached: 0, missing } })).toContain(
      'pod-4 and 4 more',
    );
    expect(view({ instances: { version: 1, live: 0, reached: 0, missing: [] } })).toContain(
      'none connected',
    );
  });

  it.each<[RolloutModel['status'], string]>([
    ['measuring', 'MEASURING  the baseline before the first stage'],
    ['held', 'HELD  stage 2 of 3, `on` at 25%'],
    ['paused', 'PAUSED  stage 2 of 3'],
    ['rolledBack', 'ROLLED BACK  nobody gets `on`, it was at 25%'],
    ['completed', 'COMPLETED  `on` at 25%, still watched'],
    ['ended', 'ENDED  `on` at 25%, no longer measured'],
  ])('%s', (status, text) => {
    expect(withRollout({ status })).toContain(text);
  });

  it('tells a rollout that ended at its target from one that nobody gets', () => {
    const last = { status: 'ended', stage: 2 } as const;
    expect(withRollout(last)).not.toContain('left');
    const nobody = withRollout({ ...last, served: false });
    expect(nobody).toContain('left');
    expect(nobody).not.toContain('at 100%, no longer');
  });

  it('says why, and that a plan guards nothing', () => {
    const lines = withRollout({
      status: 'held',
      cause: 'No telemetry for 5 batches.',
      unguarded: true,
    });
    expect(lines).toContain('No telemetry for 5 batches.');
    expect(lines).toContain('unguarded');
  });

  it('puts down before everything', () => {
    expect(view({ down: true }).split('\n')[1]).toMatch(/^DOWN .*downhaul up new-checkout/);
  });

  it('shows the clocks of a proof with what they miss', () => {
    const lines = view({
      proof: {
        id: 'production/new-checkout@1042',
        kind: 'rollback',
        version: 1042,
        openedAtMs: 74 * minute,
        clocks: [
          { name: 'reached', outcome: 'proven', deadlineAtMs: 0, statement: '3 of 3', missing: [] },
          {
            name: 'silent',
            outcome: 'pending',
            deadlineAtMs: 76 * minute,
            missing: ['pricing-7f9c'],
          },
          { name: 'recovered', outcome: 'missed', deadlineAtMs: 0, missing: [] },
        ],
      },
    });
    expect(lines).toMatch(/\+ reached +3 of 3/);
    expect(lines).toMatch(/o silent .*1m to its deadline/);
    expect(lines).toMatch(/! recovered +deadline missed/);
    expect(lines).toContain('missing  pricing-7f9c');
  });

  it('works for a flag without a rollout', () => {
    const bare: WatchModel = { ...model };
    delete (bare as { rollout?: unknown }).rollout;
    expect(watchView(bare, layout).join('\n')).toContain('no rollout yet');
  });

  it('lets no name from outside steer the terminal', () => {
    const lines = view({
      instances: { version: 1, live: 1, reached: 0, missing: ['pod\u001b[2J\nx'] },
    });
    expect(lines).toContain('missing  pod x');
  });

  it('fits every terminal, and the headline is the last to go', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 50 }),
        (columns, rows) => {
          const lines = watchView(model, { ...layout, columns, rows, style: createStyle(true) });
          expect(lines.length).toBeLessThanOrEqual(rows);
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
          expect(stripVTControlCharacters(lines[0] ?? '').slice(0, 1)).toMatch(/[n…]/);
        },
      ),
    );
  });
});
