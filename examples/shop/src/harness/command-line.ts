import { execFile } from 'node:child_process';
import { paths } from './paths.ts';

export interface CommandAnswer {
  readonly exitCode: number;
  /** What `--json` printed, or undefined where it printed none. */
  readonly json: unknown;
  readonly stderr: string;
}

/** Runs the `downhaul` command as a user would, with `--json`. */
export type CommandLine = (...args: readonly string[]) => Promise<CommandAnswer>;

export function commandLineFor(url: string, token: string): CommandLine {
  const env = { ...process.env, DOWNHAUL_URL: url, DOWNHAUL_TOKEN: token };
  return (...args) =>
    new Promise((resolve) => {
      const argv = ['--conditions=source', paths.cli, ...args, '--json'];
      execFile(process.execPath, argv, { env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ exitCode, json: parse(stdout), stderr });
      });
    });
}

/** Runs it and fails with what it said when it refuses. */
export async function must(answer: Promise<CommandAnswer>): Promise<unknown> {
  const { exitCode, json, stderr } = await answer;
  if (exitCode !== 0) throw new Error(`downhaul ended with ${exitCode}: ${stderr.trim()}`);
  return json;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
