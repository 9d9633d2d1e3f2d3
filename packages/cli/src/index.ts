export { run } from './run.ts';
export { runProcess } from './process.ts';
export { EXIT } from './exit-code.ts';
export type { ExitCode } from './exit-code.ts';
export type { Io, Output } from './io/types.ts';
