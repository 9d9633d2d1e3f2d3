/**
 * Names one instance within an environment. A name alone does not: any service may choose it, and what one
 * service says of itself must say nothing of another's instance.
 */
export function instanceKey(service: string, id: string): string {
  return JSON.stringify([service, id]);
}
