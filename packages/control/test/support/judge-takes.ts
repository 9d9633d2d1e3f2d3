import { enterStage, type JudgeState, type Null } from '@downhaul/judge';

/** Fails with the judge's own words where it refuses a claim for the stage that comes next. */
export function requireNullTakenByJudge(
  judge: JudgeState,
  { id, claim, rate }: { readonly id: string; readonly claim: Null; readonly rate: number },
): void {
  enterStage(judge, {
    stage: judge.stage + 1,
    nonInferiority: { [id]: claim },
    baselineRates: { [id]: rate },
  });
}
