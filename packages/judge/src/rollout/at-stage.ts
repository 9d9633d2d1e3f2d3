/** What holds at a stage: its own entry, or that of the nearest earlier stage; undefined where none is. */
export function atStage<Figures>(
  byStage: Readonly<Record<string, Figures>>,
  stage: number,
): Figures | undefined {
  for (let at = stage; at >= 0; at -= 1) {
    const own = byStage[String(at)];
    if (own !== undefined) return own;
  }
  return undefined;
}
