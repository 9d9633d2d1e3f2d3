import type { ChangeAnswer } from './answers.ts';
import type { Api, Call, ChangeOptions } from './api.ts';
import type { FlagPlace } from './flag-place.ts';
import { withSuggestions } from './suggest.ts';

/** A change of one flag in one environment. */
interface FlagChange extends ChangeOptions {
  readonly call: Call<ChangeAnswer>;
}

/** Makes the change. A mistyped flag is answered with what was probably meant. */
export function changeFlag(
  api: Api,
  place: FlagPlace,
  { call, ...options }: FlagChange,
): Promise<ChangeAnswer> {
  return withSuggestions(api, place, () => api.change(call, options));
}
