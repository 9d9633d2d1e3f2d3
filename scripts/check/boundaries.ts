/**
 * Holds the imports to the arrows of ARCHITECTURE.md. Fails on any other arrow, on a cycle, on an
 * orphan, and when fewer modules were read than the repository surely has: a cruiser that cannot
 * parse TypeScript finds no modules and no violations, and would pass.
 */
import { existsSync } from 'node:fs';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { boundaryRules } from './boundary-rules.ts';

const minimumModules = 30;
const roots = ['packages', 'examples', 'test', 'bench', 'conformance', 'scripts'].filter((path) =>
  existsSync(path),
);

const result = await cruiseSources();
const violations = result.summary.violations.filter(({ rule }) => rule.severity === 'error');
for (const { rule, from, to, cycle } of violations) {
  const path = cycle ? cycle.map(({ name }) => name).join(' -> ') : to;
  console.error(`${rule.name}: ${from} -> ${path}`);
}
const sources = result.modules.filter(({ source }) => isOurSource(source));
if (sources.length < minimumModules) {
  console.error(`only ${sources.length} modules were read, expected at least ${minimumModules}`);
}
const failed = violations.length > 0 || sources.length < minimumModules;
console.log(`${sources.length} modules, ${violations.length} violations`);
process.exitCode = failed ? 1 : 0;

async function cruiseSources(): Promise<ICruiseResult> {
  const { output } = await cruise(
    roots,
    {
      ruleSet: { forbidden: boundaryRules },
      validate: true,
      // Type imports count: an arrow is an arrow, whatever is left of it after compilation.
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: ['(^|/)dist/', '(^|/)node_modules/.*/node_modules/'] },
    },
    {
      conditionNames: ['source', 'import', 'node', 'types', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.js', '.json', '.d.ts'],
    },
  );
  if (typeof output === 'string') throw new Error(`unexpected report: ${output}`);
  return output;
}

function isOurSource(path: string): boolean {
  return path.endsWith('.ts') && !path.includes('node_modules') && /\/src\//.test(path);
}
