import { Type } from 'typebox';
import { unitHash } from '@downhaul/engine';
import { createPage, genuine } from '../../store/chain.ts';
import type { Page } from '../../store/contract.ts';
import { refusal } from '../../error/refusal.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute, referenceTo } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, FlagEnvironmentPath } from '../schema/common.ts';
import { findEnvironment, findFlagHere } from './find.ts';

const Body = Type.Array(
  Type.Object(
    {
      unit: Type.String({ minLength: 1, maxLength: 1_000 }),
      variant: Type.Union([Type.String(), Type.Null()], { description: 'Null takes it away.' }),
    },
    { additionalProperties: false },
  ),
  { minItems: 1, maxItems: 10_000 },
);

export function putOverrides(app: App, context: ServerContext): void {
  app.put(
    '/projects/:project/environments/:environment/flags/:flag/overrides',
    {
      config: { access: 'change' },
      schema: {
        summary: 'Sets or takes away the variant of single units; others keep theirs.',
        operationId: 'putOverrides',
        params: FlagEnvironmentPath,
        headers: ChangeHeaders,
        body: Body,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, environment, flag } = request.params;
      refuseTwice(request.body);
      const { unitSalt } = findEnvironment(context, request.params);
      const { overrides } = findFlagHere(context, request.params);
      // One that was changed behind the log's back is not served, and must not become genuine by this.
      const kept =
        overrides && genuine(await context.store.readPage(overrides.page), overrides.mac);
      const merged = new Map(kept ? parse(kept) : []);
      for (const { unit, variant } of request.body) {
        if (variant === null) merged.delete(unitHash(unitSalt, unit));
        else merged.set(unitHash(unitSalt, unit), variant);
      }
      const content = format(merged);
      const page = kept?.content === content ? kept : createPage(content);
      const command = {
        type: 'setOverrides',
        flag,
        environment,
        page: referenceTo(page),
        count: merged.size,
        variants: [...new Set(request.body.flatMap(({ variant: each }) => each ?? []))],
      } as const;
      const pages = page === kept ? [] : [page];
      const subject = `flag:${flag}/${environment}`;
      const change = { project, command, subject, pages };
      return execute(context, { request, reply }, change);
    },
  );
}

/** Of two variants for one unit only the last would be kept. */
function refuseTwice(body: readonly { readonly unit: string }[]): void {
  const seen = new Set<string>();
  for (const [index, { unit }] of body.entries()) {
    if (seen.has(unit)) {
      const place = { path: `/${index}/unit`, accepted: 'one variant for each unit' };
      throw refusal('body_invalid', { problem: 'the unit is named twice' }, place);
    }
    seen.add(unit);
  }
}

interface Override {
  readonly unitHash: string;
  readonly variant: string;
}

/** Units stand in the page as their hash only. */
function parse({ content }: Page): (readonly [string, string])[] {
  const overrides = JSON.parse(content) as readonly Override[];
  return overrides.map(({ unitHash: hash, variant }) => [hash, variant]);
}

/** Sorted, so that the same overrides are the same text. */
function format(overrides: ReadonlyMap<string, string>): string {
  const sorted = [...overrides].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted.map(([hash, variant]): Override => ({ unitHash: hash, variant })));
}
