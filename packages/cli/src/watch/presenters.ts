import type { Io, Output } from '../io/types.ts';
import type { Printer } from '../output/printer.ts';
import { printable, truncate } from '../output/text.ts';
import { formatTime } from '../view/time.ts';
import { changesBetween } from './changes.ts';
import type { Layout } from './layout.ts';
import type { WatchModel } from './model.ts';
import { openScreen } from './screen.ts';
import { symbolsFor } from './symbols.ts';
import { watchView } from './view.ts';
import type { Presenter } from './watch.ts';

/** JSON lines where asked for, a screen on a terminal, appended lines everywhere else. */
export function presenterFor(io: Io, printer: Printer): Presenter {
  if (printer.json) return jsonPresenter(printer);
  const drawable = io.stdout.isTerminal && io.env['TERM'] !== 'dumb';
  return drawable ? screenPresenter(io, printer) : linesPresenter(printer);
}

function screenPresenter(io: Io, printer: Printer): Presenter {
  const screen = openScreen(io.stdout);
  const symbols = symbolsFor(io.env);
  let last: WatchModel | undefined;
  let trouble: string | undefined;
  const size = () => drawableSize(io.stdout.size());
  const view = (rows: number): string[] => {
    const layout: Layout = { ...size(), rows, style: printer.style, symbols };
    return last ? watchView(last, layout) : [];
  };
  const draw = (): void => {
    const { columns, rows } = size();
    const note = trouble === undefined ? [] : [printer.style.warning(truncate(trouble, columns))];
    screen.draw([...view(rows - note.length), ...note]);
  };
  const stopListening = io.stdout.onResize(draw);
  return {
    show: (_answer, model) => {
      last = model;
      trouble = undefined;
      draw();
    },
    trouble: (message) => {
      trouble = printable(message);
      draw();
    },
    end: (outcome) => {
      stopListening();
      screen.close();
      // What was seen last stays readable in the terminal's own history.
      const lines = view(Infinity);
      const rest = outcome ? [...(lines.length > 0 ? [''] : []), outcome.text] : [];
      printer.result(undefined, () => [...lines, ...rest]);
    },
  };
}

/** Without the last column: a line that fills it leaves the cursor on its last cell, which erasing the rest would take. */
function drawableSize({ columns, rows }: ReturnType<Output['size']>): ReturnType<Output['size']> {
  return { columns: Math.max(1, columns - 1), rows };
}

function linesPresenter(printer: Printer): Presenter {
  let last: WatchModel | undefined;
  const stamped = (atMs: number, line: string): string => `${formatTime(atMs)}  ${line}`;
  return {
    show: (_answer, model) => {
      const lines = changesBetween(last, model);
      last = model;
      if (lines.length > 0)
        printer.result(undefined, () => lines.map((line) => stamped(model.nowMs, line)));
    },
    trouble: (message) => printer.note(message),
    end: (outcome) => {
      if (outcome) printer.result(undefined, () => [stamped(last?.nowMs ?? 0, outcome.text)]);
    },
  };
}

function jsonPresenter(printer: Printer): Presenter {
  let last = '';
  return {
    show: (answer) => {
      // The clock alone moving is no news.
      const text = JSON.stringify({ ...answer, nowMs: undefined, step: undefined });
      if (text !== last) printer.item(answer, () => '');
      last = text;
    },
    trouble: (message) => printer.item({ trouble: message }, () => ''),
    end: (outcome) => {
      if (outcome) printer.item({ outcome: outcome.text, exitCode: outcome.exitCode }, () => '');
    },
  };
}
