/** What a network or a service in trouble makes of a request. */
import { asJson, asXml, type Outcome, type Reply, refused } from './envelope.js';
import type { Parameters } from './parameters.js';
import { ApiRefusal, throttled } from './refusals.js';

/** `before` and `after` say on which side of the action. */
export const FAULTS = [
  'reset-before',
  'reset-after',
  'hang-before',
  'hang-after',
  'error-500-after',
  'unavailable',
  'throttled',
  'html-before',
  'html-after',
  'truncated',
  'empty',
  'xml',
  'without-id',
] as const;

export type Fault = (typeof FAULTS)[number] | { body: string; status?: number; after?: boolean };

export type SandboxRequest = {
  action: string;
  parameters: Parameters;
  /** How many requests with this client token came before. */
  earlier: number;
};

/** Whether the fault keeps the action from being carried out. */
export function strikesBefore(fault: Fault): boolean {
  if (typeof fault === 'object') return fault.after !== true;
  return ['reset-before', 'hang-before', 'unavailable', 'throttled', 'html-before'].includes(fault);
}

const UNAVAILABLE = new ApiRefusal(
  503,
  'ServiceUnavailable',
  'The request has failed due to a temporary failure of the server.',
);
const INTERNAL_ERROR = new ApiRefusal(
  500,
  'InternalError',
  'The request processing has failed due to some unknown error.',
);
const HTML = '<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>';

export type Exchange = {
  action: string;
  requestId: string;
  host: string;
  outcome: Outcome;
  /** The outcome in the form that the client asked for. */
  inForm(outcome: Outcome): Reply;
};

/** @returns what is sent instead of the outcome, or how the connection ends without an answer */
export function replyUnder(
  fault: Fault,
  { action, requestId, host, outcome, inForm }: Exchange,
): Reply | 'reset' | 'hang' {
  const json = (status: number, body: string): Reply => ({ ...asJson(outcome), status, body });
  const refusal = (error: ApiRefusal): Reply => inForm(refused(error, requestId, host));
  if (typeof fault === 'object') return json(fault.status ?? 200, fault.body);
  switch (fault) {
    case 'reset-before':
    case 'reset-after':
      return 'reset';
    case 'hang-before':
    case 'hang-after':
      return 'hang';
    case 'error-500-after':
      return refusal(INTERNAL_ERROR);
    case 'unavailable':
      return refusal(UNAVAILABLE);
    case 'throttled':
      return refusal(throttled());
    case 'html-before':
      return { status: 502, type: 'text/html', body: HTML };
    case 'html-after':
      return { status: 200, type: 'text/html', body: HTML };
    case 'truncated':
      return json(200, asJson(outcome).body.slice(0, 40));
    case 'empty':
      return json(200, '');
    case 'without-id':
      return json(200, JSON.stringify({ RequestId: requestId }));
    case 'xml':
      return asXml(outcome, action);
  }
}
