/** Recorded with every decision; raised whenever the same telemetry could give another one. */
export const JUDGE_VERSION = '3';
