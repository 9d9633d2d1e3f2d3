/**
 * Every dependency of every package.json stands in docs/dependencies.md with its reason, and no
 * line there is about a dependency that is gone.
 */
import { globSync, readFileSync } from 'node:fs';

const document = 'docs/dependencies.md';
const kinds = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

const declared = declaredDependencies();
const listed = listedDependencies();
const missing = [...declared].filter(([name]) => !listed.has(name));
const stale = [...listed].filter((name) => !declared.has(name));
for (const [name, manifest] of missing)
  console.error(`${name} (${manifest}) is not in ${document}`);
for (const name of stale) console.error(`${name} is in ${document}, but no package.json has it`);
console.log(`${declared.size} dependencies, ${listed.size} listed`);
process.exitCode = missing.length + stale.length > 0 ? 1 : 0;

/** Name of each dependency outside this repository, with a manifest that declares it. */
function declaredDependencies(): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of globSync(['package.json', '{packages,examples}/*/package.json'])) {
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, object | undefined>;
    const names = kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {}));
    for (const name of names) if (!name.startsWith('@downhaul/')) found.set(name, path);
  }
  return found;
}

/** The names in the first column of the document's tables. */
function listedDependencies(): Set<string> {
  const rows = readFileSync(document, 'utf8').matchAll(/^\| `([^`]+)`/gm);
  return new Set([...rows].flatMap(([, name]) => name ?? []));
}
