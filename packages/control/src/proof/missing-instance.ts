import type { InstanceState } from '../telemetry/instance/types.ts';
import type { MissingProof, ProofInput } from './types.ts';

/** An instance that stands in the way. */
export function missingInstance(
  instance: InstanceState,
  why: string,
  input: ProofInput,
): MissingProof {
  return missingProcess({ ...instance, name: instance.id }, why, input);
}

/** A process that stands in the way, and whether it can still say anything at all. */
export function missingProcess(
  process: { readonly name: string; readonly service: string; readonly token?: string },
  why: string,
  input: ProofInput,
): MissingProof {
  const { name, service, token } = process;
  if (token === undefined || !isCutOff(process, input)) return { name, service, why };
  return { name, service, why: `${why}; cut off: its token ${token} was revoked`, cutOffBy: token };
}

/** Whether the token that a process last spoke with was revoked. */
export function isCutOff(
  { token }: { readonly token?: string },
  { tokens }: Pick<ProofInput, 'tokens'>,
): boolean {
  return token !== undefined && tokens?.has(token) === false;
}
