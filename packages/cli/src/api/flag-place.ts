/** A flag in an environment: what most questions and changes are about. */
export interface FlagPlace {
  readonly project: string;
  readonly environment: string;
  readonly flag: string;
}
