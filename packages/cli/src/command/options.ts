import type { OptionSpec } from './types.ts';

/** Options that several commands share. */

export const justificationOption: OptionSpec = {
  syntax: '-j, --justification <text>',
  description: 'why; kept with the change, erasable',
};

export const ifVersionOption: OptionSpec = {
  syntax: '--if-version <version>',
  description: 'only if this is still the present version, else exit code 6',
};

export const dryRunOption: OptionSpec = {
  syntax: '--dry-run',
  description: 'only say what would change, or why it would be refused',
};

export const atOnceOption: OptionSpec = {
  syntax: '--at-once',
  description: 'allow what raises everyone at once; needs --justification',
};

export const waitOptions: readonly OptionSpec[] = [
  {
    syntax: '--wait <duration>',
    description: 'how long to wait until every instance has reached it (default 10s)',
  },
  { syntax: '--no-wait', description: 'do not wait for the instances' },
];

export const flagArgument = { syntax: '<flag>', description: 'key of the flag' };
