import { formatDuration, formatShare } from '../output/figures.ts';
import {
  displayWidth,
  padEnd,
  padStart,
  printable,
  someOf,
  truncate,
  wrap,
} from '../output/text.ts';
import { bar } from './layout.ts';
import type { Layout } from './layout.ts';
import type {
  GuardrailModel,
  RolloutModel,
  RolloutStatus,
  WaitModel,
  WatchModel,
} from './model.ts';
import { contextSection } from './context-section.ts';
import { proofSection } from './proof-section.ts';
import { sliceSection } from './slice-section.ts';

/**
 * The live view as lines that fit the terminal: none is wider than its columns, and where it has too
 * few rows the least urgent sections are left out.
 */
export function watchView(model: WatchModel, layout: Layout): string[] {
  const { rollout } = model;
  const sections = [
    { urgency: 5, lines: headline(model, layout) },
    { urgency: 1, lines: rollout ? stageSection(rollout, model.nowMs, layout) : [] },
    { urgency: 2, lines: rollout ? guardrailSection(rollout, layout) : [] },
    { urgency: 2, lines: rollout ? sliceSection(rollout, layout) : [] },
    { urgency: 0, lines: rollout ? contextSection(rollout, layout) : [] },
    { urgency: 3, lines: rollout ? verdictSection(rollout, model.nowMs, layout) : [] },
    { urgency: 4, lines: model.proof ? proofSection(model.proof, model.nowMs, layout) : [] },
    { urgency: 4, lines: instanceSection(model, layout) },
  ];
  return fit(sections, layout).map((line) => truncate(line, layout.columns));
}

interface Section {
  readonly urgency: number;
  readonly lines: readonly string[];
}

/** Sections with an empty line between them; the least urgent go first when the rows run out. */
function fit(sections: readonly Section[], layout: Layout): string[] {
  let kept = sections.filter(({ lines }) => lines.length > 0);
  const rowsOf = (list: readonly Section[]): number =>
    list.reduce((sum, { lines }) => sum + lines.length + 1, -1);
  while (kept.length > 1 && rowsOf(kept) > layout.rows) {
    const least = kept.reduce((a, b) => (b.urgency < a.urgency ? b : a));
    kept = kept.filter((section) => section !== least);
  }
  return kept
    .flatMap(({ lines }, index) => (index === 0 ? lines : ['', ...lines]))
    .slice(0, layout.rows);
}

function headline(model: WatchModel, layout: Layout): string[] {
  const { style, symbols, columns } = layout;
  const { rollout } = model;
  const name = [
    printable(model.flag),
    model.environment,
    ...(rollout ? [`plan ${rollout.plan}`, `attempt ${rollout.attempt}`] : []),
  ];
  const left = name.join(symbols.separator);
  const right = `version ${model.version}`;
  const space = columns - displayWidth(left) - displayWidth(right);
  const first =
    space < 2
      ? style.strong(left)
      : `${style.strong(left)}${' '.repeat(space)}${style.faint(right)}`;
  return [first, ...statusLines(model, layout)];
}

function statusLines(model: WatchModel, layout: Layout): string[] {
  const { style, columns } = layout;
  const lines: string[] = [];
  if (model.down)
    lines.push(
      `${style.bad('DOWN')}  everyone gets the safe variant until \`downhaul up ${model.flag}\``,
    );
  const { rollout } = model;
  if (!rollout) return [...lines, 'no rollout yet'];
  const since = formatDuration(model.nowMs - rollout.statusSinceMs);
  lines.push(`${statusMark(rollout.status, layout)}  ${whereabouts(rollout)}, for ${since}`);
  if (rollout.unguarded)
    lines.push(style.warning('unguarded: its plan has no guardrails, it advances by bake alone'));
  if (rollout.cause) lines.push(...wrap(printable(rollout.cause), columns));
  return lines;
}

const statusWords: Readonly<Record<RolloutStatus, string>> = {
  measuring: 'MEASURING',
  running: 'RUNNING',
  held: 'HELD',
  paused: 'PAUSED',
  rolledBack: 'ROLLED BACK',
  completed: 'COMPLETED',
  ended: 'ENDED',
};

/** A status as people say it, in capitals. */
export function statusWord(status: RolloutStatus): string {
  return statusWords[status];
}

function statusMark(status: RolloutStatus, { style }: Layout): string {
  const word = statusWord(status);
  if (status === 'rolledBack') return style.bad(word);
  if (status === 'held' || status === 'paused') return style.warning(word);
  return status === 'ended' ? style.strong(word) : style.good(word);
}

/** Where a rollout stands, as the middle of a sentence. */
export function whereabouts(rollout: RolloutModel): string {
  const stage = rollout.stages[rollout.stage];
  const share = stage ? formatShare(stage.sharePerMillion) : '0%';
  const place = `stage ${rollout.stage + 1} of ${rollout.stages.length}`;
  switch (rollout.status) {
    case 'measuring':
      return 'the baseline before the first stage, nobody gets the new variant yet';
    case 'rolledBack':
      return stage
        ? `nobody gets \`${rollout.to}\`, it was at ${share} (${place})`
        : `nobody gets \`${rollout.to}\``;
    case 'completed':
      return `\`${rollout.to}\` at ${share}, still watched`;
    case 'ended':
      return rollout.served
        ? `\`${rollout.to}\` at ${share}, no longer measured`
        : 'no longer measured';
    default:
      return stage ? `${place}, \`${rollout.to}\` at ${share}` : 'before the first stage';
  }
}

function stageSection(rollout: RolloutModel, nowMs: number, layout: Layout): string[] {
  const { style, symbols, columns } = layout;
  const { status } = rollout;
  const isThrough = status === 'completed' || (status === 'ended' && rollout.served);
  const active = status !== 'rolledBack' && status !== 'ended';
  const shares = rollout.stages.map(
    ({ sharePerMillion, partial }) => formatShare(sharePerMillion) + (partial ? '*' : ''),
  );
  const widest = Math.max(...shares.map(displayWidth), 0);
  const lines = rollout.stages.map((stage, index) => {
    const share = padStart(shares[index] ?? '', widest);
    const bake = formatDuration(stage.bakeMs);
    if (index > rollout.stage) return style.faint(`    ${share}  bakes ${bake}`);
    const isNow = index === rollout.stage;
    if (!isNow || isThrough) return `  ${style.good(symbols.done)} ${share}  baked ${bake}`;
    if (!active) return `  ${style.bad(symbols.bad)} ${share}  left`;
    const bakedMs = Math.min(stage.bakeMs, nowMs - rollout.stageEnteredAtMs);
    const width = Math.max(4, Math.min(24, columns - 40));
    const progress = bar(stage.bakeMs === 0 ? 1 : bakedMs / stage.bakeMs, width, symbols);
    return `  ${style.strong(symbols.now)} ${style.strong(share)}  ${progress}  baked ${formatDuration(bakedMs)} of ${bake}`;
  });
  return [
    style.faint('stages'),
    ...lines,
    ...(rollout.stages.some(({ partial }) => partial)
      ? [style.faint('    * for a part of the users')]
      : []),
  ];
}

function guardrailSection(rollout: RolloutModel, layout: Layout): string[] {
  const { style, symbols } = layout;
  const { guardrails, units } = rollout;
  const lines: string[] = [];
  if (units) {
    const { treatment, control } = units;
    lines.push(`  units  ${treatment} treatment${symbols.separator}${control} control`);
  }
  const widest = Math.max(...guardrails.map(({ name }) => displayWidth(printable(name))), 0);
  for (const guardrail of guardrails) lines.push(guardrailLine(guardrail, widest, layout));
  if (lines.length === 0) return [];
  const title =
    guardrails.length > 0
      ? 'evidence of harm and of safety, each as a part of its limit'
      : 'so far';
  return [style.faint(title), ...lines];
}

function guardrailLine(guardrail: GuardrailModel, nameWidth: number, layout: Layout): string {
  const { style, symbols, columns } = layout;
  const { name, kind, verdict, harmPart, safePart, approximate } = guardrail;
  const width = Math.max(4, Math.min(20, Math.floor((columns - nameWidth - 44) / 2)));
  const gauge = (word: string, part: number): string =>
    `${word} ${bar(part, width, symbols)} ${padStart(percent(part), 4)}`;
  const notes = [
    ...(kind === 'signal' ? ['(signal)'] : []),
    ...(approximate ? ['(approximate, by request)'] : []),
  ];
  const mark = verdict === 'harmful' ? style.bad : verdict === 'safe' ? style.good : style.warning;
  return [
    `  ${padEnd(printable(name), nameWidth)}`,
    gauge('harm', harmPart),
    ...(safePart === undefined ? [] : [gauge('safe', safePart)]),
    mark(printable([verdict, ...notes].join(' '))),
  ].join('  ');
}

function percent(part: number): string {
  return `${Math.floor(Math.max(0, Math.min(1, part)) * 100)}%`;
}

function verdictSection(rollout: RolloutModel, nowMs: number, layout: Layout): string[] {
  const width = layout.columns - 2;
  const lines = rollout.sentences
    .flatMap((sentence) => wrap(printable(sentence), width))
    .map((line) => `  ${line}`);
  for (const wait of rollout.waiting)
    lines.push(...wrap(`waiting: ${waitText(wait, nowMs)}`, width).map((line) => `  ${line}`));
  return lines.length === 0 ? [] : [layout.style.faint('verdict'), ...lines];
}

/** What is waited for, and how long that should take. */
function waitText({ text, untilMs, units }: WaitModel, nowMs: number): string {
  const words = printable(text).replace(/\.$/, '');
  if (units !== undefined) return `${words}, ${units} units to go`;
  if (untilMs === undefined) return words;
  const left = untilMs - nowMs;
  return left > 0 ? `${words}, ${formatDuration(left)} to go` : `${words}, any moment now`;
}

function instanceSection(model: WatchModel, layout: Layout): string[] {
  const { version, live, reached, missing } = model.instances;
  const { style } = layout;
  if (live === 0) return [`instances  ${style.warning('none connected')}`];
  const count = `${reached} of ${live} on version ${version}`;
  if (missing.length === 0) return [`instances  ${style.good(count)}`];
  return [`instances  ${style.warning(count)}`, `  missing  ${printable(someOf(missing, 5))}`];
}
