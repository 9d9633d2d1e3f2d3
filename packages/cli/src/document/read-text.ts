import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { utf8Problem } from '@downhaul/engine';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io/types.ts';
import { textFailure } from './text-failure.ts';

const MOST_BYTES = 4 << 20;

/**
 * The text of a file, or of standard input for `-`. Rejects with CommandError for one that cannot be
 * read, is larger than 4 MB, or is not UTF-8.
 */
export async function readText(io: Io, file: string): Promise<string> {
  const bytes = await readBytes(io, file).catch((error: unknown) => {
    throw unreadable(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (bytes.length > MOST_BYTES)
    throw unreadable(`${file}: it has ${bytes.length} bytes`, `at most ${MOST_BYTES} bytes`);
  const text = bytes.toString('utf8');
  const problem = isUtf8(bytes) ? undefined : utf8Problem(bytes);
  if (problem !== undefined) throw textFailure({ file, text }, [problem]);
  return text;
}

async function readBytes(io: Io, file: string): Promise<Buffer> {
  if (file !== '-') return readFile(resolve(io.directory, file));
  const chunks: Buffer[] = [];
  for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function unreadable(message: string, accepted?: string): CommandError {
  const exitCode = EXIT.usage;
  return new CommandError({ exitCode, code: 'cli_file_unreadable', message, accepted });
}
