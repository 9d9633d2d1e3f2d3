import type { FlagState, ProjectState } from '../state/types.ts';
import { rolloutId } from '../rollout/rollout-id.ts';
import { type CommandOf, type Draft, type Found, found } from './decision.ts';
import { startDrafts } from './start-drafts.ts';

type PutFlag = CommandOf<'putFlag'>;

interface Starts {
  readonly drafts: readonly Draft[];
  /** Ids of the rollouts that start. */
  readonly started: readonly string[];
}

/**
 * The rollouts that a document starts: where it raises the declared attempt above the newest one that
 * there was. A first attempt never starts by itself.
 */
export function declaredStarts(
  project: ProjectState,
  before: FlagState | undefined,
  { command, nowMs }: { readonly command: PutFlag; readonly nowMs: number },
): Found<Starts> {
  const drafts: Draft[] = [];
  const started: string[] = [];
  if (before === undefined) return found({ drafts, started });
  const flag = { ...before, definition: command.definition };
  for (const [key, definition] of Object.entries(flag.definition.environments)) {
    const environment = project.environments.get(key);
    const here = before.environments[key];
    const attempt = raisedAttempt(before, command, key);
    if (environment === undefined || here === undefined || attempt === undefined) continue;
    const site = { project, environment, flag, definition, here };
    const atOnce = command.atOnce ?? false;
    const start = startDrafts(site, { attempt, atOnce, nowMs, command });
    if (!start.ok) return start;
    drafts.push(...start.value);
    started.push(rolloutId({ project: project.key, environment: key, flag: flag.key, attempt }));
  }
  return found({ drafts, started });
}

function raisedAttempt(
  before: FlagState,
  { definition }: PutFlag,
  environment: string,
): number | undefined {
  const newest = before.environments[environment]?.rollout;
  const declared = definition.environments[environment]?.rollout?.attempt;
  const previous = before.definition.environments[environment]?.rollout?.attempt ?? 0;
  if (newest === undefined || declared === undefined) return undefined;
  return declared > newest.attempt && declared > previous ? declared : undefined;
}
