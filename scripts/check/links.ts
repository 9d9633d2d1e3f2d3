/** Every relative link in a tracked Markdown file leads to a file or directory that exists. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const documents = execFileSync('git', [
  'ls-files',
  '*.md',
  '--cached',
  '--others',
  '--exclude-standard',
])
  .toString()
  .split('\n')
  .filter((path) => path !== '' && existsSync(path));
const broken = documents.flatMap((path) => brokenLinksIn(path));
for (const finding of broken) console.error(finding);
console.log(`${documents.length} documents, ${broken.length} broken links`);
process.exitCode = broken.length > 0 ? 1 : 0;

function brokenLinksIn(path: string): string[] {
  const text = readFileSync(path, 'utf8').replaceAll(/```[\s\S]*?```/g, '');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => target ?? []);
  return targets
    .filter((target) => !/^([a-z]+:|#)/.test(target))
    .filter((target) => !existsSync(join(dirname(path), target.replace(/#.*/, ''))))
    .map((target) => `${path} links to ${target}, which does not exist`);
}
