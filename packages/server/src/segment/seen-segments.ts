import type { ServerContext } from '../http/context.ts';

interface Reader {
  readonly project: string;
  /** Of a reader that is bound to one. */
  readonly environment: string | undefined;
}

/**
 * Says of a segment's key whether a reader may see what is in it. Segments stand above environments and hold
 * lists of tenants: who is bound to an environment sees those that its snapshot has, and no others.
 */
export function seenSegments(
  { log, snapshots }: Pick<ServerContext, 'log' | 'snapshots'>,
  { project, environment }: Reader,
): (key: string) => boolean {
  if (environment === undefined) return () => true;
  const isThere = log.state.projects.get(project)?.environments.has(environment);
  if (isThere !== true) return () => false;
  const { segments } = snapshots.feedOf({ project, environment }).snapshot();
  return (key) => Object.hasOwn(segments, key);
}
