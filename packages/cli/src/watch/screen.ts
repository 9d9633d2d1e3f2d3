import process from 'node:process';
import type { Output } from '../io/types.ts';

const ESC = '\u001b[';
const enter = `${ESC}?1049h${ESC}?25l${ESC}?7l`;
const leave = `${ESC}?7h${ESC}?25h${ESC}?1049l`;
/** Terminals that know it show a frame only when it is whole; the others ignore it. */
const beginFrame = `${ESC}?2026h${ESC}H`;
const endFrame = `${ESC}J${ESC}?2026l`;

/**
 * A screen of its own on the terminal, so that no change of the window's size can mix a frame with
 * what stood there before. Each line is overwritten in place and only its rest is erased: nothing
 * ever goes blank in between.
 */
interface Screen {
  draw(lines: readonly string[]): void;
  /** Gives the terminal back as it was. */
  close(): void;
}

export function openScreen(output: Output): Screen {
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    process.off('exit', close);
    output.write(leave);
  };
  // Whatever ends the process, the terminal must be usable afterwards.
  process.on('exit', close);
  output.write(enter);
  return {
    draw: (lines) => {
      if (!open) return;
      const frame = lines.map((line) => `${line}${ESC}K`).join('\r\n');
      output.write(`${beginFrame}${frame}${endFrame}`);
    },
    close,
  };
}
