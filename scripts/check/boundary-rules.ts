import type { IForbiddenRuleType } from 'dependency-cruiser';

/** Which packages the sources of a package may import. This is the table of ARCHITECTURE.md. */
const arrows = {
  engine: [],
  judge: [],
  control: ['engine', 'judge'],
  server: ['control', 'engine', 'judge'],
  sdk: ['engine'],
  client: [],
  cli: ['client', 'engine', 'server'],
} as const satisfies Record<string, readonly string[]>;

/** Packages that run on any JavaScript runtime: no Node module, no package from npm. */
const anyRuntime = '^packages/(engine|judge|control)/src/';

/** The rules for dependency-cruiser. Paths are relative to the root of the repository. */
export const boundaryRules: IForbiddenRuleType[] = [
  ...Object.entries(arrows).map(([name, allowed]) => arrowRule(name, allowed)),
  {
    name: 'cli-starts-server-only-in-serve',
    severity: 'error',
    from: {
      path: '^packages/cli/src/',
      pathNot: ['^packages/cli/src/serve', '^packages/cli/src/.*/serve\\.ts$', '/serve/'],
    },
    to: { path: '^packages/server/' },
  },
  {
    name: 'examples-use-what-is-published',
    severity: 'error',
    from: { path: '^examples/' },
    to: { path: '^packages/(?!(sdk|client)/)' },
  },
  {
    name: 'package-is-imported-by-name',
    comment: 'Another package is entered by its exports, never by a path into its files.',
    severity: 'error',
    from: { path: '^(packages|examples)/([^/]+)/' },
    to: { path: '^packages/', pathNot: '^packages/$2/', dependencyTypes: ['local'] },
  },
  {
    name: 'any-runtime',
    severity: 'error',
    from: { path: anyRuntime },
    to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'sources-import-no-test-or-tool',
    severity: 'error',
    from: { path: '^(packages|examples)/[^/]+/src/' },
    to: { path: ['^(test|bench|conformance|scripts)/', '^(packages|examples)/[^/]+/test/'] },
  },
  {
    name: 'own-index-is-for-others',
    comment: 'index.ts lists the public API; a package that imports its own makes cycles.',
    severity: 'error',
    from: { path: '^packages/([^/]+)/src/' },
    to: { path: '^packages/$1/src/index\\.ts$' },
  },
  { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'no-orphan',
    severity: 'error',
    from: { orphan: true, path: '/src/', pathNot: ['/src/index\\.ts$', '\\.d\\.ts$'] },
    to: {},
  },
  {
    name: 'resolvable',
    severity: 'error',
    from: { pathNot: 'node_modules' },
    to: { couldNotResolve: true },
  },
];

function arrowRule(name: string, allowed: readonly string[]): IForbiddenRuleType {
  return {
    name: `${name}-imports-${allowed.length === 0 ? 'nothing' : allowed.join('-and-')}`,
    severity: 'error',
    from: { path: `^packages/${name}/` },
    to: { path: `^(packages|examples)/(?!(${[name, ...allowed].join('|')})/)` },
  };
}
