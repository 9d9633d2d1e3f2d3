import { explainText } from '@downhaul/engine';
import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { FlagEnvironmentPath, Json } from '../schema/common.ts';
import { findFlagHere } from './find.ts';

const Body = Type.Object(
  {
    context: Type.Record(Type.String(), Type.Unknown(), { description: 'Evaluation context.' }),
    atVersion: Type.Optional(
      Type.Integer({ minimum: 1, description: 'A version of the past; absent: the present one.' }),
    ),
  },
  { additionalProperties: false },
);

const Explained = Type.Object({
  version: Type.Integer(),
  explanation: Json,
  text: Type.Array(Type.String(), { description: 'The explanation for people, line by line.' }),
});

export function explainFlag(app: App, context: ServerContext): void {
  app.post(
    '/projects/:project/environments/:environment/flags/:flag/explain',
    {
      config: { access: 'view' },
      schema: {
        summary: 'Says why a context gets what it gets, now or at an earlier version.',
        operationId: 'explainFlag',
        params: FlagEnvironmentPath,
        body: Body,
        response: answers(Explained),
      },
    },
    async (request) => {
      findFlagHere(context, request.params);
      const { context: subject, atVersion } = request.body;
      const evaluator = await context.snapshots.evaluatorAt(request.params, atVersion);
      const explanation = evaluator.explain(request.params.flag, subject);
      return {
        version: evaluator.snapshot.version,
        explanation,
        text: [...explainText(explanation)],
      };
    },
  );
}
