/** `environment/flag@position`: the position in the log of the event that opens the proof. */
export function proofId(opening: {
  readonly environment: string;
  readonly flag: string;
  readonly position: number;
}): string {
  return `${opening.environment}/${opening.flag}@${opening.position}`;
}
