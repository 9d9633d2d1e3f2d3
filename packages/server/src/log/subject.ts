import type { EventBody } from '@downhaul/control';

/**
 * What an event is about, as the log's index names it: `project/flag:new-checkout`,
 * `project/segment:staff`, `project/plan:canary`, `project/metric:…`, `project/environment:production`,
 * `project/instance:…`, `project/proof:…`, `project:default`, `token:…`, and `log:own` for what the server notes of the log itself.
 */
export function subjectOf(body: EventBody): string {
  switch (body.type) {
    case 'projectCreated':
      return `project:${body.key}`;
    case 'tokenIssued':
      return `token:${body.token.id}`;
    case 'tokenRevoked':
      return `token:${body.token}`;
    case 'stateRecorded':
    case 'lossAccepted':
      return 'log:own';
    default:
      return `${body.project}/${localSubject(body)}`;
  }
}

type LocalBody = Exclude<
  EventBody,
  {
    type: 'projectCreated' | 'tokenIssued' | 'tokenRevoked' | 'stateRecorded' | 'lossAccepted';
  }
>;

function localSubject(body: LocalBody): string {
  switch (body.type) {
    case 'environmentCreated':
      return `environment:${body.key}`;
    case 'flagPut':
      return `flag:${body.definition.key}`;
    case 'segmentPut':
      return `segment:${body.key}`;
    case 'segmentRemoved':
      return `segment:${body.segment}`;
    case 'metricPut':
      return `metric:${body.metric.key}`;
    case 'metricRemoved':
      return `metric:${body.metric}`;
    case 'planPut':
      return `plan:${body.plan.key}`;
    case 'rehearsalRecorded':
      return body.plan.key === '' ? `flag:${body.flag ?? ''}` : `plan:${body.plan.key}`;
    case 'instanceRetired':
      return `instance:${body.instance}`;
    case 'tokenRetired':
      return `token:${body.token}`;
    case 'proofRecorded':
      return `proof:${body.proof}`;
    default:
      return `flag:${body.flag}`;
  }
}
