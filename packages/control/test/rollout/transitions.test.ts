import { readFileSync } from 'node:fs';
import type { CommandBody, FlagDefinition, RolloutStatus } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import {
  type RolloutCommand,
  rolloutPosition,
  type RolloutPosition,
  type Transition,
  TRANSITIONS,
} from '../../src/rollout/transitions.ts';
import {
  JUSTIFICATION,
  quickPlan,
  SOME_CAUSE,
  SOME_FIGURES,
  someFlag,
  somePlan,
  startedWorld,
  type World,
} from '../support/world.ts';

const SITE = { flag: 'new-checkout', environment: 'production' } as const;
const POSITIONS = Object.keys(TRANSITIONS) as readonly RolloutPosition[];
const COMMANDS = Object.keys(TRANSITIONS.none) as readonly RolloutCommand[];

const TIGHTER = { relative: 0.04, absolute: 0.0005 };

/** What serves more than safe is not changed at once, nor archived, without being asked for. */
const ASKED = { atOnce: true, justification: JUSTIFICATION };

/** A command of each kind that no rule but the table refuses. */
function bodyOf(command: RolloutCommand, world: World): CommandBody {
  switch (command) {
    case 'advanceRollout':
      return { type: command, ...SITE, figures: SOME_FIGURES };
    case 'holdRollout':
      return { type: command, ...SITE, cause: { code: 'other', text: 'Another cause.' } };
    case 'pauseRollout':
    case 'rollbackRollout':
      return { type: command, ...SITE, cause: SOME_CAUSE };
    case 'tightenRollout':
      return { type: command, ...SITE, plan: tightened(world) };
    case 'archiveFlag':
      return { type: command, flag: SITE.flag, ...ASKED };
    default:
      return { type: command, ...SITE };
  }
}

function tightened(world: World) {
  const plan = world.rollout(SITE.flag)?.plan ?? somePlan();
  return { ...plan, guardrails: plan.guardrails.map((each) => ({ ...each, margin: TIGHTER })) };
}

/** The commands that lead a flag without a rollout to each position. */
const WAYS: Readonly<Record<RolloutPosition, readonly RolloutCommand[]>> = {
  none: [],
  measuring: ['startRollout'],
  running: ['startRollout', 'advanceRollout'],
  runningLast: ['startRollout', 'advanceRollout', 'advanceRollout', 'advanceRollout'],
  heldMeasuring: ['startRollout', 'holdRollout'],
  held: ['startRollout', 'advanceRollout', 'holdRollout'],
  pausedMeasuring: ['startRollout', 'pauseRollout'],
  paused: ['startRollout', 'advanceRollout', 'pauseRollout'],
  rolledBack: ['startRollout', 'advanceRollout', 'rollbackRollout'],
  completed: [...advances(4)],
  watchOver: [...advances(4), 'endWatch'],
  ended: ['startRollout', 'advanceRollout', 'rollbackRollout'],
};

function advances(count: number): readonly RolloutCommand[] {
  return ['startRollout', ...Array.from({ length: count }, () => 'advanceRollout' as const)];
}

function worldAt(position: RolloutPosition): World {
  const world = startedWorld();
  world.accept({ type: 'putFlag', definition: definitionOf('off') });
  for (const command of WAYS[position]) world.accept(bodyOf(command, world));
  if (position === 'ended') serve(world, 'on');
  expect(rolloutPosition(world.rollout(SITE.flag))).toBe(position);
  return world;
}

/** Where the target is served already, the next attempt can only go elsewhere. */
function prepared(
  position: RolloutPosition,
  command: RolloutCommand,
): { world: World; body: CommandBody } {
  const world = worldAt(position);
  const body = bodyOf(command, world);
  if (body.type !== 'startRollout' || !['completed', 'watchOver', 'ended'].includes(position)) {
    return { world, body };
  }
  if (position !== 'ended') serve(world, 'on');
  return { world, body: { ...body, to: 'other' } };
}

function serve(world: World, variant: string): void {
  world.accept({ type: 'putFlag', definition: definitionOf(variant), ...ASKED });
}

function definitionOf(serve: string): FlagDefinition {
  return someFlag({
    kind: 'operational',
    variants: { on: true, off: false, other: true },
    environments: {
      production: { serve, rules: [], rollout: { plan: 'canary', to: 'on', attempt: 1 } },
    },
  });
}

describe.each(POSITIONS)('a rollout at %s', (position) => {
  test.each(COMMANDS)('does under %s what the table says', (command) => {
    const { world, body } = prepared(position, command);
    const before = world.rollout(SITE.flag);
    const expected = TRANSITIONS[position][command];
    const decision = world.send(body);
    if ('refused' in expected) {
      expect(decision.ok ? 'accepted' : decision.error.code).toBe(expected.refused);
      expect(world.rollout(SITE.flag)).toEqual(before);
      return;
    }
    expect(decision).toMatchObject({ ok: true });
    const after = world.rollout(SITE.flag);
    if ('unchanged' in expected) return expect(after).toEqual(before);
    if (expected.next !== 'started') return expect(after?.status).toBe(expected.next);
    expect(after?.status).toBe('measuring');
    expect(after?.attempt).toBe((before?.attempt ?? 0) + 1);
  });
});

test('a plan without a baseline enters its first stage in the command that starts it', () => {
  const world = startedWorld();
  world.accept({ type: 'putFlag', definition: someFlag() });
  const { events } = world.accept({ type: 'startRollout', ...SITE, plan: quickPlan() });
  expect(events.map(({ type }) => type)).toEqual(['rolloutStarted', 'rolloutStageEntered']);
  expect(world.rollout(SITE.flag)).toMatchObject({ status: 'running', stage: 0, unguarded: true });
});

describe('the specification', () => {
  const spec = readFileSync(new URL('../../src/rollout/SPEC.md', import.meta.url), 'utf8');
  const rows = spec.split('\n').filter((line) => /^\| `\w+`\s+\|/.test(line));
  const heading = spec.split('\n').find((line) => line.startsWith('| command'));
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const name = (cell: string | undefined) => cell?.replaceAll('`', '') ?? '';

  test('has the table of the code, cell by cell', () => {
    const positions = cells(heading ?? '')
      .slice(1)
      .map(name);
    expect(positions).toEqual(POSITIONS);
    const written = new Map(
      rows
        .filter((row) => COMMANDS.includes(name(cells(row)[0]) as RolloutCommand))
        .map((row) => [name(cells(row)[0]), cells(row).slice(1)]),
    );
    const coded = new Map(
      COMMANDS.map((command) => [
        command,
        POSITIONS.map((position) => shown(TRANSITIONS[position][command])),
      ]),
    );
    expect(written).toEqual(coded);
  });

  test('explains every position', () => {
    const table = spec.slice(spec.indexOf('## Positions'), spec.indexOf('## Transitions'));
    for (const position of POSITIONS) expect(table).toContain(`\`${position}\``);
  });
});

function shown(transition: Transition): string {
  if ('refused' in transition) return `\`${transition.refused}\``;
  if ('unchanged' in transition) return '=';
  const next: RolloutStatus | 'started' = transition.next;
  return `**${next}**`;
}
