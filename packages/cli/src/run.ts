import { readFileSync } from 'node:fs';
import { commands } from './command/list.ts';
import { CommandError } from './error.ts';
import { EXIT } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import { helpTopic, rewriteHelp } from './help.ts';
import type { Io } from './io/types.ts';
import { failureJson, failureLines } from './output/failure.ts';
import { styleFor } from './output/style.ts';
import { runProgram } from './program.ts';

/** Runs one command line from beginning to end and says with which code to exit. Never rejects. */
export async function run(io: Io): Promise<ExitCode> {
  try {
    const topic = helpTopic(io.args);
    if (topic) {
      io.stdout.write(topic.map((line) => `${line}\n`).join(''));
      return EXIT.ok;
    }
    const args = rewriteHelp(io.args);
    return await runProgram({ io: { ...io, args }, commands, version: ownVersion() });
  } catch (error) {
    return reportFailure(io, error);
  }
}

function reportFailure(io: Io, error: unknown): ExitCode {
  const { failure } = error instanceof CommandError ? error : defect(error);
  const text = io.args.includes('--json')
    ? failureJson(failure)
    : failureLines(failure, styleFor(io.stderr, io.env)).join('\n');
  io.stderr.write(`${text}\n`);
  return failure.exitCode;
}

/** What no command foresaw. The stack is what a report of it needs. */
function defect(error: unknown): CommandError {
  const stack = error instanceof Error ? error.stack : undefined;
  return new CommandError({
    exitCode: EXIT.failed,
    code: 'cli_defect',
    message: error instanceof Error ? error.message : String(error),
    details: stack
      ?.split('\n')
      .slice(1, 8)
      .map((line) => line.trim()),
    hints: ['this is a defect of the downhaul command; please report it with the lines above'],
  });
}

function ownVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
