import type {
  BucketExplanation,
  ConditionExplanation,
  Explanation,
  ExplanationDetails,
  Outcome,
  RolloutExplanation,
  RuleExplanation,
} from './types.ts';

/** An explanation in lines for people: the answer first, then every stage in the order it was asked. */
export function explainText(explanation: Explanation): string[] {
  const { details } = explanation;
  if (details === undefined) return answer(explanation);
  return [
    ...answer(explanation),
    ...(details.down ? [`down: everyone gets ${details.safe}`] : []),
    ...overrides(details),
    ...conflicts(details),
    ...requires(details),
    ...details.rules.flatMap(rule),
    ...(details.rollout === undefined ? [] : rollout(details.rollout)),
    `otherwise: ${details.serve}`,
  ];
}

function answer({ evaluation, flag, version, ...explanation }: Explanation): string[] {
  const { project, environment, decidedBy } = explanation;
  const value =
    evaluation.value === undefined ? 'the code default' : JSON.stringify(evaluation.value);
  const variant = evaluation.variant === undefined ? '' : ` (variant ${evaluation.variant})`;
  const rule = evaluation.rule === undefined ? '' : `, ${evaluation.rule}`;
  return [
    `${flag} in ${project}/${environment} at version ${version}: ${value}${variant}`,
    `decided by ${decidedBy}${rule}; reason ${evaluation.reason}`,
    ...(evaluation.errorMessage === undefined ? [] : [evaluation.errorMessage]),
  ];
}

function overrides(details: ExplanationDetails): string[] {
  return details.overrides.map(({ unit, unitHash, variant }) => {
    const served = variant === undefined ? 'none' : variant;
    return `override of ${unitText({ unit })}${unitHash === undefined ? '' : ` (${unitHash})`}: ${served}`;
  });
}

function conflicts({ conflicts: { own, others } }: ExplanationDetails): string[] {
  return others.map(({ flag, couldLeaveSafe }) => {
    const both = own === true && couldLeaveSafe === true ? ': both serve safe' : '';
    const sides = `it could leave safe: ${word(couldLeaveSafe)}; this flag: ${word(own)}`;
    return `conflicts with ${flag}; ${sides}${both}`;
  });
}

function requires({ requires: { problem, flags } }: ExplanationDetails): string[] {
  if (problem !== undefined) return [`requires: never met, ${problem}`];
  return flags.map(
    ({ flag, variant, served, decidedBy, met }) =>
      `requires ${flag} = ${variant}: ${met === true ? 'met' : 'not met'}, ` +
      `it serves ${served ?? 'nothing'} (by ${decidedBy})`,
  );
}

function rule({ name, reached, outcome, condition, serve, split }: RuleExplanation): string[] {
  const state = reached ? word(outcome) : `${word(outcome)}, but not reached`;
  const head = `rule ${name}: ${state}`;
  if (split === undefined)
    return [`${head}; serves ${serve ?? ''}`, ...conditionLines(condition, 1)];
  const weights = split.weights.map(([variant, weight]) => `${variant} ${weight}`).join(', ');
  const place = split.position === undefined ? '' : `, position ${split.position}`;
  return [
    `${head}; splits ${weights} by ${bucketText(split)}${place}: ${split.variant ?? 'none'}`,
    ...conditionLines(condition, 1),
  ];
}

function rollout(explained: RolloutExplanation): string[] {
  const { id, phase, stage, arm, allocation, allocations } = explained;
  const place = arm === undefined ? 'outside both arms' : `${arm} of allocation ${allocation ?? 0}`;
  // People count stages from one, as every other view of a rollout does.
  const where = phase === 'stage' ? `stage ${stage + 1}` : phase;
  return [
    `rollout ${id}, ${where}: ${bucketText(explained)}: ${place}`,
    ...allocations.flatMap(({ sharePerMillion, audience, outcome, withinShare }, index) => [
      `  allocation ${index}, share ${sharePerMillion / 10_000} %: audience ${word(outcome)}, ` +
        `${withinShare ? 'within' : 'not within'} the share`,
      ...(audience === undefined ? [] : conditionLines(audience, 2)),
    ]),
  ];
}

function bucketText(explained: BucketExplanation): string {
  const { bucket, salt } = explained;
  const place = bucket === undefined ? 'no bucket' : `bucket ${bucket} of 1000000`;
  return `${unitText(explained)}, salt ${JSON.stringify(salt)}, ${place}`;
}

function unitText({ unit }: Pick<BucketExplanation, 'unit'>): string {
  if (unit.unreadable) return `${unit.attribute} (unreadable)`;
  return `${unit.attribute} ${unit.value === undefined ? '(missing)' : JSON.stringify(unit.value)}`;
}

function conditionLines(condition: ConditionExplanation, depth: number): string[] {
  const { text, outcome, seen, problem, inner } = condition;
  const saw = seen === undefined ? '' : `, saw ${seen}`;
  const why = problem === undefined ? '' : `, ${problem}`;
  return [
    `${'  '.repeat(depth)}${text}: ${word(outcome)}${saw}${why}`,
    ...inner.flatMap((each) => conditionLines(each, depth + 1)),
  ];
}

function word(outcome: Outcome): string {
  if (typeof outcome === 'string') return outcome;
  return outcome ? 'yes' : 'no';
}
