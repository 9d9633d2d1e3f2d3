import { cannotRead } from '../telemetry/instance/reading.ts';
import type { InstanceState } from '../telemetry/instance/types.ts';
import type { ProofInput } from './types.ts';

/** What an instance serves that cannot read the flag is not what the version says, and is not reported. */
export function unreadableBy(
  present: readonly InstanceState[],
  { proof }: Pick<ProofInput, 'proof'>,
): string {
  const names = (are: (instance: InstanceState) => boolean): string =>
    present
      .filter((each) => cannotRead(each, proof.flag) && are(each))
      .map(({ id }) => id)
      .join(', ');
  const surely = names(({ unreadable }) => unreadable?.flags.includes(proof.flag) === true);
  const perhaps = names(({ unreadable }) => unreadable?.flags.includes(proof.flag) === false);
  return [
    surely === '' ? '' : ` Cannot read ${proof.flag} and serve the code default: ${surely}.`,
    perhaps === '' ? '' : ` Cannot read so many flags that it may be among them: ${perhaps}.`,
  ].join('');
}
