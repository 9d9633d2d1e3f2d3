/**
 * Runs every check of the repository and fails when one fails.
 *
 * `--fast` leaves the tests out. One line per step as it ends; what failed is printed in full at
 * the end, so that one run shows everything there is to repair.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Also print the output while it runs. */
  readonly live?: boolean;
}

interface Outcome {
  readonly step: Step;
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: number;
}

const staticSteps: readonly Step[] = [
  { name: 'lint', command: ['eslint', '.'] },
  { name: 'types of the sources', command: ['tsc', '-b', 'tsconfig.build.json'] },
  { name: 'types of tests and scripts', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'boundaries', command: ['node', 'scripts/check/boundaries.ts'] },
  { name: 'dead code', command: ['knip', '--no-config-hints'] },
  { name: 'dependencies have reasons', command: ['node', 'scripts/check/listed-dependencies.ts'] },
  { name: 'links in documents', command: ['node', 'scripts/check/links.ts'] },
  { name: 'no traces of a machine', command: ['node', 'scripts/check/local-traces.ts'] },
];
const testStep: Step = { name: 'tests', command: ['npm', 'test'], live: true };

const { values } = parseArgs({ options: { fast: { type: 'boolean', default: false } } });
const outcomes = await runTwoAtATime(staticSteps);
if (!values.fast) outcomes.push(await run(testStep));
process.exitCode = report(outcomes);

/** Two steps at a time: the slow ones come first and are bound to one core each. */
async function runTwoAtATime(steps: readonly Step[]): Promise<Outcome[]> {
  const waiting = [...steps];
  const done: Outcome[] = [];
  async function work(): Promise<void> {
    for (let step = waiting.shift(); step; step = waiting.shift()) done.push(await run(step));
  }
  await Promise.all([work(), work()]);
  return done;
}

async function run(step: Step): Promise<Outcome> {
  const started = performance.now();
  const { passed, output } = await runCommand(step);
  const seconds = (performance.now() - started) / 1000;
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${step.name} (${seconds.toFixed(1)} s)`);
  return { step, passed, output, seconds };
}

function runCommand({ command, live }: Step): Promise<Pick<Outcome, 'passed' | 'output'>> {
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (live) process.stdout.write(chunk);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ passed: code === 0, output }));
  });
}

/** Prints the failures and the verdict; returns the exit code. */
function report(all: readonly Outcome[]): number {
  const failures = all.filter(({ passed }) => !passed);
  for (const { step, output } of failures) {
    const shown = step.live ? '(printed above)' : output.trimEnd();
    console.log(`\n--- ${step.name}: ${step.command.join(' ')}\n${shown}`);
  }
  const names = failures.map(({ step }) => step.name).join(', ');
  console.log(failures.length === 0 ? `\nAll ${all.length} checks passed.` : `\nFailed: ${names}`);
  return failures.length === 0 ? 0 : 1;
}
