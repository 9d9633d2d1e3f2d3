/** No tracked text names a directory of one machine, or the registry the lock was made against. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

// Written in pieces, so that this file does not find itself.
const traces = ['/work' + '/', '/root' + '/', 'registry.' + 'npmjs', '"resolved": ' + '"http'];

const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
  .toString()
  .split('\0')
  .filter((path) => path !== '');
const findings = files.flatMap((path) => tracesIn(path));
for (const finding of findings) console.error(finding);
console.log(`${files.length} files, ${findings.length} traces`);
process.exitCode = findings.length > 0 ? 1 : 0;

function tracesIn(path: string): string[] {
  const lines = readText(path).split('\n');
  return lines.flatMap((line, index) =>
    traces
      .filter((trace) => line.includes(trace))
      .map((trace) => `${path}:${index + 1} contains ${trace}`),
  );
}

/** The file's text; nothing for a file that was deleted but is still in the index. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
