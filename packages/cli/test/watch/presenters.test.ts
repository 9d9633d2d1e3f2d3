import { describe, expect, it } from 'vitest';
import type { RolloutAnswer } from '../../src/api/answers.ts';
import { proofAnswer, rolloutAnswer } from '../support/rollout-answer.ts';
import { CommandError } from '../../src/error.ts';
import { EXIT } from '../../src/exit-code.ts';
import { createPrinter } from '../../src/output/printer.ts';
import { modelOf } from '../../src/watch/model-of.ts';
import { presenterFor } from '../../src/watch/presenters.ts';
import { watch } from '../../src/watch/watch.ts';
import { createTestIo } from '../support/test-io.ts';
import type { TestIoOptions } from '../support/test-io.ts';

const answer = rolloutAnswer;
const completed: RolloutAnswer = {
  ...answer,
  nowMs: answer.nowMs + 1000,
  ...(answer.rollout ? { rollout: { ...answer.rollout, status: 'completed' } } : {}),
  instances: { ...answer.instances, reached: 2, missing: [] },
};
const unreachable = new CommandError({
  exitCode: EXIT.unreachable,
  code: 'cli_unreachable',
  message: 'cannot reach it',
});

/** Watches what the server answers in turn; an error is an answer too. */
async function watchAnswers(
  answers: readonly (RolloutAnswer | CommandError)[],
  options: TestIoOptions & { readonly json?: boolean } = {},
  until: 'completed' | 'ended' = 'completed',
) {
  const io = createTestIo(options);
  const waiting = [...answers];
  const outcome = await watch({
    ask: async () => {
      const next = waiting.shift();
      if (!next) throw new Error('asked too often');
      if (next instanceof CommandError) throw next;
      return next;
    },
    presenter: presenterFor(io, createPrinter(io, options.json ?? false)),
    intervalMs: 1,
    until,
    interrupted: io.interrupted,
  });
  return { outcome, stdout: io.stdout.text(), stderr: io.stderr.text() };
}

describe('what is shown', () => {
  it('says what a baseline is in, and no horizon of what is counted by request', () => {
    const [first] = answer.guardrails;
    const { evidence } = answer;
    if (first === undefined || evidence === undefined) expect.fail('the answer is empty');
    const guardrail = (hypothesis: string, kind: string, horizonMs: number) => ({
      ...{ ...first, hypothesis, metric: hypothesis, kind, horizonMs },
    });
    const model = modelOf({
      ...answer,
      guardrails: [
        guardrail('basket', 'mean', 5_000),
        guardrail('errors', 'requests', 0),
        guardrail('refund', 'share', 5_000),
      ],
      evidence: {
        ...evidence,
        baseline: {
          basket: { units: 300, bad: 0, mean: 29.83333 },
          errors: { units: 400, bad: 2 },
          refund: { units: 500, bad: 3 },
        },
      },
    });
    expect(model.rollout?.guardrails.map(({ name }) => name)).toEqual([
      'basket p99 in 5s',
      'errors p99',
      'refund p99 in 5s',
    ]);
    expect(model.rollout?.recorded).toEqual([
      'baseline: 29.8 on average over 300 units, basket',
      'baseline: 2 of 400 requests bad, errors',
      'baseline: 3 of 500 units bad, refund',
    ]);
  });
});

describe('watch', () => {
  it('appends a line for each change where nothing can be redrawn', async () => {
    const { outcome, stdout } = await watchAnswers([answer, answer, completed]);
    expect(outcome.exitCode).toBe(0);
    expect(stdout).toBe(
      [
        '2027-03-01 14:03:07Z  running: stage 1 of 1, `on` at 1%',
        '2027-03-01 14:03:07Z  http.latency p99: inconclusive',
        '2027-03-01 14:03:07Z  version 12 is missing on pod-1 (pricing)',
        '2027-03-01 14:03:08Z  completed: `on` at 1%, still watched',
        '2027-03-01 14:03:08Z  version 12 is everywhere (2 instances)',
        '2027-03-01 14:03:08Z  the rollout of checkout is completed',
        '',
      ].join('\n'),
    );
  });

  it('redraws in place on a terminal and leaves the end in its history', async () => {
    const { stdout } = await watchAnswers([answer, completed], {
      terminal: true,
      env: { NO_COLOR: '1' },
    });
    const [drawn = '', left = ''] = stdout.split('\u001b[?1049l');
    expect(drawn).toContain('RUNNING');
    expect(drawn.match(/\u001b\[H/g)?.length).toBe(2);
    expect(left).toContain('COMPLETED');
    expect(left).toMatch(/the rollout of checkout is completed\n$/);
    expect(left).not.toContain('\u001b');
  });

  it('leaves the last cell of a line free, which erasing its rest would take', async () => {
    const io = createTestIo({ terminal: true, env: { NO_COLOR: '1' } });
    const presenter = presenterFor(io, createPrinter(io, false));
    presenter.show(answer, modelOf(answer));
    const [first = ''] = io.stdout.text().split('\u001b[H')[1]?.split('\u001b[K') ?? [];
    expect(first).toMatch(/version 12$/);
    expect(first).toHaveLength(79);
    presenter.end(undefined);
  });

  it('says once that a clock of the proof is decided, however its figures move', async () => {
    const decided = (statement: string): RolloutAnswer => ({
      ...answer,
      ...(answer.rollout ? { rollout: { ...answer.rollout, status: 'rolledBack' } } : {}),
      proof: proofAnswer([
        { clock: 'recovered', outcome: 'proven', deadlineAtMs: 0, statement, missing: [] },
        { clock: 'silent', outcome: 'pending', deadlineAtMs: 0, statement: '', missing: [] },
      ]),
    });
    const { stdout } = await watchAnswers([
      decided('0 of 10 units are bad'),
      decided('0 of 12 units are bad'),
      completed,
    ]);
    expect(stdout).toContain('rolled back: nobody gets `on`');
    expect(stdout.match(/recovered proven/g)).toHaveLength(1);
  });

  it('draws nothing on a terminal that cannot', async () => {
    const { stdout } = await watchAnswers([completed], { terminal: true, env: { TERM: 'dumb' } });
    expect(stdout).not.toContain('\u001b');
  });

  it('prints a line of JSON for each change', async () => {
    const later = { ...answer, nowMs: answer.nowMs + 1 };
    const { stdout } = await watchAnswers([answer, later, completed], { json: true });
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(3);
    expect(lines[2]).toEqual({ outcome: 'the rollout of checkout is completed', exitCode: 0 });
  });

  it('goes on when the server is away for a while, and says so', async () => {
    const { outcome, stderr } = await watchAnswers([answer, unreachable, completed]);
    expect(outcome.exitCode).toBe(0);
    expect(stderr).toContain('cannot reach it');
  });

  it('stays while a completed rollout is watched, and tells of its alarm', async () => {
    const waits = (code: string, text: string): RolloutAnswer => ({
      ...completed,
      step: { name: 'watch', waitsFor: { code, text } },
    });
    const alarmed = waits('watch_alarm', 'The watch alarms: http.error_rate@60000.');
    const ended: RolloutAnswer = {
      ...completed,
      ...(completed.rollout ? { rollout: { ...completed.rollout, status: 'ended' } } : {}),
    };
    const calm = waits('watch', 'Completed and watched until its date.');
    const { outcome, stdout } = await watchAnswers(
      [answer, calm, alarmed, calm, ended],
      {},
      'ended',
    );
    expect(outcome).toMatchObject({ exitCode: 0, text: 'the rollout of checkout has ended' });
    expect(stdout).toContain('waiting: The watch alarms: http.error_rate@60000.');
    const script = await watchAnswers([answer, alarmed]);
    expect(script.outcome.exitCode).toBe(10);
    expect(script.outcome.text).toContain('The watch alarms');
  });

  it('has nothing to stay for where a completed rollout has no guardrails', async () => {
    const { rollout } = completed;
    if (rollout === undefined) expect.fail('there is no rollout');
    const unguarded = { ...completed, rollout: { ...rollout, unguarded: true } };
    const { outcome } = await watchAnswers([answer, unguarded], {}, 'ended');
    expect(outcome.exitCode).toBe(0);
  });

  it('gives the terminal back after an error', async () => {
    const io = createTestIo({ terminal: true });
    const watching = watch({
      ask: () => Promise.reject(unreachable),
      presenter: presenterFor(io, createPrinter(io, false)),
      intervalMs: 1,
      interrupted: io.interrupted,
    });
    await expect(watching).rejects.toBe(unreachable);
    expect(io.stdout.text()).toMatch(/\?1049l$/);
  });

  it('draws anew when the size of the terminal changes', () => {
    const io = createTestIo({ terminal: true });
    const presenter = presenterFor(io, createPrinter(io, false));
    io.stdout.resize(20, 5);
    const before = io.stdout.text().length;
    io.stdout.resize(30, 5);
    expect(io.stdout.text().length).toBeGreaterThan(before);
    presenter.end(undefined);
    const ended = io.stdout.text().length;
    io.stdout.resize(40, 5);
    expect(io.stdout.text().length).toBe(ended);
  });

  it.each<['proven' | 'missed', number]>([
    ['proven', EXIT.rolledBack],
    ['missed', EXIT.unproven],
  ])('ends after a rollback whose last clock is %s', async (outcome, exitCode) => {
    const clocks = (['reached', 'silent', 'recovered'] as const).map((clock) => ({
      clock,
      outcome: clock === 'recovered' ? outcome : ('proven' as const),
      deadlineAtMs: 0,
      statement: '',
      missing: [],
    }));
    const rolledBack: RolloutAnswer = {
      ...answer,
      ...(answer.rollout ? { rollout: { ...answer.rollout, status: 'rolledBack' } } : {}),
      proof: proofAnswer(clocks),
    };
    const pending = {
      ...rolledBack,
      ...(rolledBack.proof
        ? {
            proof: {
              ...rolledBack.proof,
              clocks: clocks.map((clock) => ({ ...clock, outcome: 'pending' as const })),
            },
          }
        : {}),
    };
    expect((await watchAnswers([pending, rolledBack])).outcome.exitCode).toBe(exitCode);
  });
});
