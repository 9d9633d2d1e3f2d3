import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SnapshotFeed } from '../snapshots/feed.ts';

/** Answers with a feed's present snapshot, or 304 for who has it. */
export function sendSnapshot(
  request: FastifyRequest,
  reply: FastifyReply,
  feed: SnapshotFeed,
): FastifyReply {
  const { version, hash } = feed;
  const etag = `"${version}-${hash}"`;
  void reply.header('etag', etag).header('cache-control', 'no-cache');
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.type('application/json').send(feed.json());
}
