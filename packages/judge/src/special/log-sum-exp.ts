/** ln(sum of exp(values)), without overflow; -Infinity for no values. */
export function logSumExp(values: readonly number[]): number {
  let max = -Infinity;
  for (const value of values) if (value > max) max = value;
  if (!Number.isFinite(max)) return max;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - max);
  return max + Math.log(sum);
}

/** ln(sum of exp(values + logWeights)), the same without making a list of the sums. */
export function logWeightedSum(values: readonly number[], logWeights: readonly number[]): number {
  let max = -Infinity;
  for (let at = 0; at < values.length; at += 1) {
    const value = (values[at] ?? 0) + (logWeights[at] ?? -Infinity);
    if (value > max) max = value;
  }
  if (!Number.isFinite(max)) return max;
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) {
    sum += Math.exp((values[at] ?? 0) + (logWeights[at] ?? -Infinity) - max);
  }
  return max + Math.log(sum);
}
