import { displayWidth, padEnd, padStart, printable } from '../output/text.ts';
import { bar, type Layout } from './layout.ts';
import type { RolloutModel, SliceModel } from './model.ts';

/** Values that get a line of their own. */
const SHOWN = 6;
const VERDICT_WIDTH = 'inconclusive'.length;
const URGENCY: Readonly<Record<string, number>> = { harmful: 0, suspect: 1, inconclusive: 2 };

/** What is told apart, what looks worst first; and synthetic traffic, which is in nothing else. */
export function sliceSection({ slices, synthetic }: RolloutModel, layout: Layout): string[] {
  const { style } = layout;
  const worst = slices.toSorted(
    (one, other) => urgencyOf(one) - urgencyOf(other) || other.harmPart - one.harmPart,
  );
  const shown = worst.slice(0, SHOWN);
  const widest = Math.max(...shown.map(({ name }) => displayWidth(printable(name))), 0);
  const lines = shown.map((slice) => sliceLine(slice, widest, layout));
  if (worst.length > SHOWN) lines.push(style.faint(`  and ${worst.length - SHOWN} more`));
  if (synthetic !== undefined) {
    const arms = (['treatment', 'control'] as const)
      .filter((arm) => synthetic[arm].units > 0)
      .map((arm) => `${synthetic[arm].bad} of ${synthetic[arm].units} units of ${arm} failed`);
    lines.push(`  synthetic, apart from all this: ${arms.join(', ')}`);
  }
  return lines.length === 0 ? [] : [style.faint('told apart'), ...lines];
}

function sliceLine(slice: SliceModel, nameWidth: number, layout: Layout): string {
  const { style, symbols, columns } = layout;
  const { name, verdict, units, minimumSample, harmPart } = slice;
  const width = Math.max(4, Math.min(12, Math.floor((columns - nameWidth - 50) / 2)));
  const part = `${Math.floor(Math.max(0, Math.min(1, harmPart)) * 100)}%`;
  return [
    `  ${padEnd(printable(name), nameWidth)}`,
    `harm ${bar(harmPart, width, symbols)} ${padStart(part, 4)}`,
    padEnd(mark(verdict, minimumSample, style), VERDICT_WIDTH),
    style.faint(`${units.treatment} of ${units.treatment + units.control} treated`),
  ].join('  ');
}

function mark(verdict: string, minimumSample: number, style: Layout['style']): string {
  if (verdict === 'harmful') return style.bad(verdict);
  if (verdict === 'suspect') return style.warning(verdict);
  return style.faint(verdict === 'tooFew' ? `below ${minimumSample}` : printable(verdict));
}

function urgencyOf({ verdict }: SliceModel): number {
  return URGENCY[verdict] ?? 3;
}
