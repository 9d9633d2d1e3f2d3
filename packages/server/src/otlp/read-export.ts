import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { FastifyRequest } from 'fastify';
import { refusal } from '../error/refusal.ts';
import type { ServerContext } from '../http/context.ts';
import { readBody } from './body.ts';
import { encodingOf } from './otlp-scope.ts';

/**
 * The message of an export.
 *
 * @throws Refusal while too much waits to be stored (429, to be tried again), and for what is no message.
 */
export async function readExport<Schema extends DescMessage>(
  schema: Schema,
  request: FastifyRequest,
  { intake }: ServerContext,
): Promise<MessageShape<Schema>> {
  if (intake.full) throw refusal('telemetry_busy', {}, { retryAfterSeconds: 2 });
  return readBody(schema, {
    bytes: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    contentEncoding: request.headers['content-encoding'],
    encoding: encodingOf(request),
  });
}
