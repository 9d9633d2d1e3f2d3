import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { describeDisables } from './scripts/check/describe-disables.ts';

const relativeImportWithoutTs = {
  regex: '^\\.{1,2}/(?!.*\\.(ts|tsx|json)$)',
  message: 'Import a relative file with its `.ts` extension: Node runs the source as it stands.',
};
const nodeModule = {
  regex: '^node:',
  message: 'This package runs on any JavaScript runtime and does no I/O.',
};

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Use a named export.',
};
const impureSyntax = [
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Time is an input here: take `now` as a field.',
  },
  {
    selector: 'CallExpression[callee.name="Date"]',
    message: 'Time is an input here: take `now` as a field.',
  },
];

export default defineConfig(
  globalIgnores(['**/dist/', '**/coverage/', '**/generated/', '**/.downhaul/']),
  {
    linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' },
    plugins: { local: { rules: { 'describe-disables': describeDisables } } },
    rules: { 'local/describe-disables': 'error', eqeqeq: 'error', 'no-console': 'off' },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-ignore': true, 'ts-nocheck': true, 'ts-expect-error': 'allow-with-description' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // An async function without await keeps an interface's promise; that is no mistake.
      '@typescript-eslint/require-await': 'off',
      'no-restricted-imports': ['error', { patterns: [relativeImportWithoutTs] }],
      'no-restricted-syntax': ['error', noDefaultExport],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 3],
      complexity: ['error', 15],
    },
  },
  {
    files: ['packages/{engine,judge,control}/src/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['process', 'performance', 'setTimeout', 'setInterval', 'fetch', 'Buffer'],
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an input here.' },
        { object: 'Math', property: 'random', message: 'Randomness is an input here.' },
        { object: 'crypto', message: 'Randomness and ids are inputs here.' },
      ],
      'no-restricted-imports': ['error', { patterns: [relativeImportWithoutTs, nodeModule] }],
      'no-restricted-syntax': ['error', noDefaultExport, ...impureSyntax],
    },
  },
  {
    files: ['**/test/**/*.ts', '**/*.test.ts'],
    rules: {
      'max-lines-per-function': 'off',
      // A table of cases is read by position.
      'max-params': 'off',
      // Tests read parsed JSON and responses of unknown shape; an assertion follows at once.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // Tools load these by their default export.
    files: ['*.config.ts', 'scripts/check/refuse-skipped-tests.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
