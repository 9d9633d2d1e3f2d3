import type { Reporter, TestModule, TestCase } from 'vitest/node';

/**
 * Vitest reporter that fails the run when a test was skipped or left to do: in CI, a test that
 * does not run must not look like one that passed.
 */
class RefuseSkippedTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]);
    if (skipped.length === 0) return;
    console.error(`\n${skipped.length} skipped test(s), which CI does not allow:`);
    for (const test of skipped) console.error(`  ${placeOf(test)}`);
    process.exitCode = 1;
  }
}

function placeOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}

// Vitest loads a reporter from a file by its default export.
export default RefuseSkippedTests;
