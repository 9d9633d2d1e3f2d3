import { displayWidth, padEnd, padStart, printable } from '../output/text.ts';
import { bar, type Layout } from './layout.ts';
import type { BudgetModel, RolloutModel } from './model.ts';

/** Error budgets, and what was recorded before the rollout. */
export function contextSection({ budgets, recorded }: RolloutModel, layout: Layout): string[] {
  const widest = Math.max(0, ...budgets.map(({ name }) => displayWidth(printable(name))));
  const lines = [
    ...budgets.map((budget) => budgetLine(budget, widest, layout)),
    ...recorded.map((line) => layout.style.faint(`  ${printable(line)}`)),
  ];
  return lines.length === 0 ? [] : [layout.style.faint('beside the arms'), ...lines];
}

function budgetLine(
  { name, state, spent }: BudgetModel,
  nameWidth: number,
  { style, symbols, columns }: Layout,
): string {
  const width = Math.max(4, Math.min(12, columns - nameWidth - 40));
  const part = spent === undefined ? '?' : `${Math.round(spent * 100)}%`;
  const fires = state === 'burnt' || state === 'burning';
  return [
    `  ${padEnd(printable(name), nameWidth)}`,
    `spent ${bar(Math.min(1, spent ?? 0), width, symbols)} ${padStart(part, 4)}`,
    fires ? style.bad(state) : style.faint(printable(state)),
  ].join('  ');
}
