import type { Style } from '../output/style.ts';
import type { Symbols } from './symbols.ts';

/** How a view is drawn, apart from what it shows. */
export interface Layout {
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
  readonly symbols: Symbols;
}

/** A bar of `width` cells, filled to `part` (0 to 1). Anything above nothing shows. */
export function bar(part: number, width: number, symbols: Symbols): string {
  const clamped = Number.isFinite(part) ? Math.min(1, Math.max(0, part)) : 0;
  const filled = clamped === 0 ? 0 : Math.max(1, Math.floor(clamped * width));
  return symbols.full.repeat(filled) + symbols.empty.repeat(width - filled);
}
