import { Readable } from 'node:stream';
import type { Io, Output } from '../../src/io/types.ts';

interface TestIo extends Io {
  readonly stdout: TestOutput;
  readonly stderr: TestOutput;
}

interface TestOutput extends Output {
  readonly text: () => string;
  resize(columns: number, rows: number): void;
}

export interface TestIoOptions {
  readonly args?: readonly string[];
  readonly env?: Io['env'];
  readonly directory?: string;
  readonly stdin?: string;
  readonly terminal?: boolean;
  readonly interrupted?: AbortSignal;
}

/** A world without a process: what is written is kept, and nothing comes from the real environment. */
export function createTestIo(options: TestIoOptions = {}): TestIo {
  return {
    args: options.args ?? [],
    env: options.env ?? {},
    directory: options.directory ?? '/nowhere',
    stdin: Readable.from([Buffer.from(options.stdin ?? '')]),
    stdout: createTestOutput(options.terminal ?? false),
    stderr: createTestOutput(options.terminal ?? false),
    interrupted: options.interrupted ?? new AbortController().signal,
  };
}

export function createTestOutput(isTerminal: boolean): TestOutput {
  let text = '';
  let size = { columns: 80, rows: 24 };
  const handlers = new Set<() => void>();
  return {
    isTerminal,
    write: (more) => void (text += more),
    size: () => size,
    onResize: (handler) => {
      handlers.add(handler);
      return () => void handlers.delete(handler);
    },
    text: () => text,
    resize: (columns, rows) => {
      size = { columns, rows };
      for (const handler of handlers) handler();
    },
  };
}
