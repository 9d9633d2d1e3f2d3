import type { EventBody, TokenGrant } from '@downhaul/control';
import { ownPart } from '../auth/own-part.ts';

/** Who reads the log, and what has to be known beside an event to say what such a reader may see of it. */
export interface LogReader {
  /** Absent: all projects. */
  readonly project?: string;
  /** Absent: all environments. */
  readonly environment?: string;
  readonly seesSegment: (project: string, key: string) => boolean;
  readonly environmentOfProof: (proof: string) => string | undefined;
  /** The grant of a token, also of one that was revoked. */
  readonly grantOf: (token: string) => Promise<TokenGrant | undefined>;
}

interface ShownEvent {
  readonly body: EventBody;
  /** Parts about other environments were left out: the hash is of the whole. */
  readonly partial?: true;
}

type Bound = LogReader & { readonly environment: string };

/** What a reader sees of an event: what is about its project and environment, or above environments. */
export async function shownEvent(
  body: EventBody,
  reader: LogReader,
): Promise<ShownEvent | undefined> {
  const { project, environment } = reader;
  if (body.type === 'tokenIssued' || body.type === 'tokenRevoked') {
    return (await seesToken(body, reader)) ? { body } : undefined;
  }
  if (project !== undefined && body.project !== project) return undefined;
  return environment === undefined ? { body } : partOf(body, { ...reader, environment });
}

/** A token of all projects stands in the log of the project `default`, and is of none. */
async function seesToken(
  body: Extract<EventBody, { type: 'tokenIssued' | 'tokenRevoked' }>,
  { project, environment, grantOf }: LogReader,
): Promise<boolean> {
  if (project === undefined && environment === undefined) return true;
  const grant = body.type === 'tokenIssued' ? body.token : await grantOf(body.token);
  if (grant === undefined) return false;
  return (
    (project === undefined || grant.project === project) &&
    (environment === undefined || grant.environment === environment)
  );
}

function partOf(body: EventBody, reader: Bound): ShownEvent | undefined {
  switch (body.type) {
    case 'flagPut': {
      const { definition } = body;
      const environments = ownPart(definition.environments, reader.environment);
      const isWhole = Object.keys(definition.environments).every((key) => key in environments);
      if (isWhole) return { body };
      return { body: { ...body, definition: { ...definition, environments } }, partial: true };
    }
    case 'segmentPut': {
      if (reader.seesSegment(body.project, body.key)) return { body };
      return { body: withoutTenants(body), partial: true };
    }
    default:
      return isOf(body, reader) ? { body } : undefined;
  }
}

/** That a segment was put, and not whom it selects. */
function withoutTenants({
  if: _tenants,
  ...rest
}: Extract<EventBody, { type: 'segmentPut' }>): EventBody {
  return rest as EventBody;
}

function isOf(body: EventBody, { environment, environmentOfProof }: Bound): boolean {
  if (body.type === 'environmentCreated') return body.key === environment;
  if (body.type === 'proofRecorded') return environmentOfProof(body.proof) === environment;
  return !('environment' in body) || body.environment === environment;
}
