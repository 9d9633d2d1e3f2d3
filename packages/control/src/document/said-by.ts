import { isObject } from './reader.ts';

/** What a document says beside its definition, and what it leaves unsaid. */
export interface Said {
  /** The version that it was read at. */
  readonly version?: number;
  /** Environments that it takes the flag out of, by name. */
  readonly removes?: readonly string[];
  /** JSON pointers to sections that it does not mention: what stands there it cannot have meant to end. */
  readonly omits?: readonly string[];
}

/**
 * Of a document that could be read. Its definition has every default filled in, and no longer tells an
 * empty list of rules, which somebody wrote, from one that somebody forgot.
 */
export function saidBy(document: unknown): Said {
  if (!isObject(document)) return {};
  const { version, environments } = document;
  const here = isObject(environments) ? Object.entries(environments) : [];
  const removes = here.flatMap(([key, each]) => (isRemoved(each) ? [key] : []));
  const omits = [...unsaid(document), ...here.flatMap(([key, each]) => unsaidHere(key, each))];
  return {
    ...(typeof version === 'number' ? { version } : {}),
    ...(removes.length > 0 ? { removes } : {}),
    ...(omits.length > 0 ? { omits } : {}),
  };
}

/** An environment that a flag's document gives up: `{ removed: true }`. */
function isRemoved(environment: unknown): boolean {
  return isObject(environment) && environment['removed'] === true;
}

/** By the property that names the kind of a document: sections that guard or serve somebody. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  flag: ['requires', 'conflicts'],
  plan: ['guardrails', 'signals'],
};

function unsaid(document: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(SECTIONS)
    .filter(([kind]) => Object.hasOwn(document, kind))
    .flatMap(([, sections]) => sections)
    .filter((section) => !Object.hasOwn(document, section))
    .map((section) => `/${section}`);
}

function unsaidHere(key: string, environment: unknown): readonly string[] {
  const isThere = isObject(environment) && !isRemoved(environment);
  return isThere && !Object.hasOwn(environment, 'rules') ? [`/environments/${key}/rules`] : [];
}
