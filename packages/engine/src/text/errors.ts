/** What is said of one way in which a text can be refused. `{name}` stands for a fact of the case. */
export interface TextErrorEntry {
  readonly status: 400;
  readonly message: string;
  readonly accepted?: string;
  readonly remedy: string;
}

/**
 * Why a text that could be parsed is refused all the same: to read it would change what it says. The
 * same for files, bodies and options, JSON and YAML.
 */
export const TEXT_ERRORS = {
  text_encoding: {
    status: 400,
    message: 'This is not UTF-8: {problem}.',
    accepted: 'text in UTF-8',
    remedy: 'Save it as UTF-8.',
  },
  text_character: {
    status: 400,
    message: 'The character {character} is not possible here.',
    accepted: 'tabs, line ends and characters that can be printed',
    remedy: 'Remove it; a value that needs it can hold it encoded, for instance as base64.',
  },
  text_number: {
    status: 400,
    message: 'The number {number} cannot be kept as it is written: it would become {kept}.',
    accepted:
      'a number from -9007199254740991 to 9007199254740991 that a double gives back as it is written',
    remedy: 'Write fewer digits, or write it as a text in quotes.',
  },
  text_number_form: {
    status: 400,
    message: 'The number {number} is not written as JSON writes numbers.',
    accepted: 'digits as in 10, -2.5 and 1e3',
    remedy: 'Write it so, or put it in quotes if it is a text.',
  },
  text_key: {
    status: 400,
    message: '{key} cannot be the name of a property.',
    accepted: 'a text, in quotes where it looks like something else; not `__proto__`',
    remedy: 'Put it in quotes, or choose another name.',
  },
  text_key_twice: {
    status: 400,
    message: 'The property {key} is written twice, first in line {line}.',
    remedy: 'Keep the one that is meant: only one of them could be read.',
  },
  text_too_deep: {
    status: 400,
    message: 'This is nested deeper than {most} levels.',
    remedy: 'Write it flatter.',
  },
  text_too_large: {
    status: 400,
    message: 'With its aliases written out this has more than {most} values.',
    remedy: 'Write less, or split it.',
  },
  text_tag: {
    status: 400,
    message: 'The tag {tag} has no meaning in JSON.',
    accepted: 'values without tags',
    remedy: 'Write the value as a text, a number, true, false, null, a list or an object.',
  },
  text_alias: {
    status: 400,
    message: 'The alias {alias} {problem}.',
    accepted: 'an alias of an anchor that stands before it and does not contain it',
    remedy: 'Write the value itself.',
  },
  text_merge: {
    status: 400,
    message: 'Merge keys (`<<`) are not read: YAML 1.2 and JSON have none.',
    remedy: 'Write the properties themselves, or name the whole value by an alias.',
  },
  text_version: {
    status: 400,
    message: 'This document asks for YAML {version}, in which `on`, `010` and dates are no texts.',
    accepted: 'YAML 1.2 or JSON',
    remedy: 'Remove the directive, and put in quotes what is a text.',
  },
} as const satisfies Readonly<Record<string, TextErrorEntry>>;

export type TextErrorCode = keyof typeof TEXT_ERRORS;
