import { CommandError, type Failure } from '../error.ts';
import { nearMisses } from '../output/near-miss.ts';
import type { Api } from './api.ts';
import { listEnvironments, listFlags, listProjects } from './lists.ts';

interface Subject {
  readonly project: string;
  readonly environment?: string;
  readonly flag: string;
}

/**
 * Runs a request about a flag. When the server does not know the flag, its environment or its
 * project, the error says what was probably meant, also where the flag is in another project.
 */
export async function withSuggestions<T>(
  api: Api,
  subject: Subject,
  request: () => Promise<T>,
): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    // Suggestions are a courtesy: whatever goes wrong with them, the first error is the one to show.
    const hints = await suggestions(api, subject, error.failure).catch(() => []);
    throw hints.length === 0
      ? error
      : error.with({ hints: [...(error.failure.hints ?? []), ...hints] });
  }
}

async function suggestions(
  api: Api,
  subject: Subject,
  { code, accepted }: Failure,
): Promise<string[]> {
  const { project, environment, flag } = subject;
  switch (code) {
    case 'flag_unknown': {
      const keys = (await listFlags(api, project)).map(({ key }) => key);
      return [...didYouMean(flag, keys), ...(await elsewhere(api, subject))];
    }
    case 'environment_unknown':
    case 'flag_environment_unknown': {
      if (environment === undefined) return [];
      const keys = (await listEnvironments(api, project)).map(({ key }) => key);
      const all = accepted === undefined ? [`environments of ${project}: ${keys.join(', ')}`] : [];
      return code === 'environment_unknown' ? [...didYouMean(environment, keys), ...all] : all;
    }
    case 'project_unknown': {
      const keys = (await listProjects(api)).map(({ key }) => key);
      return [
        ...didYouMean(project, keys),
        `projects: ${keys.join(', ')}`,
        ...(await elsewhere(api, subject)),
      ];
    }
    default:
      return [];
  }
}

function didYouMean(typed: string, known: readonly string[]): string[] {
  const meant = nearMisses(typed, known);
  return meant.length === 0 ? [] : [`did you mean ${meant.join(' or ')}?`];
}

/** Projects other than the one asked about that do have a flag of this key. */
async function elsewhere(api: Api, { project, flag }: Subject): Promise<string[]> {
  const others = (await listProjects(api)).filter(({ key }) => key !== project);
  const found = await Promise.all(
    others.map(async ({ key }) => ({
      key,
      has: (await listFlags(api, key)).some((other) => other.key === flag),
    })),
  );
  return found
    .filter(({ has }) => has)
    .map(({ key }) => `there is ${flag} in the project ${key}: add --project ${key}`);
}
