/** The sandbox's wire: HTTP on a loopback port, signatures checked, answers in JSON or XML, faults on demand. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Answer,
  ApiRefusal,
  type Cloud,
  type CloudOptions,
  createCloud,
  type Parameters,
  throttled,
} from './cloud.js';
import { createRateLimit, type RateLimit } from './rate-limit.js';
import { type Key, type RawRequest, verifySignature } from './verify-signature.js';

export type { Key } from './verify-signature.js';

/** What a network or a service in trouble does: `before` and `after` say on which side of the action. */
export type Fault =
  | 'reset-before'
  | 'reset-after'
  | 'hang-before'
  | 'hang-after'
  | 'error-500-after'
  | 'unavailable'
  | 'throttled'
  | 'html-before'
  | 'html-after'
  | 'truncated'
  | 'empty'
  | 'xml'
  | 'without-id'
  | { body: string; status?: number; after?: boolean };

export type SandboxRequest = {
  action: string;
  parameters: Parameters;
  /** How many requests with this client token came before. */
  earlier: number;
};

export type SandboxOptions = CloudOptions & {
  /** 0 takes any free one. */
  port?: number;
  keys?: readonly Key[];
  /** ms that each answer takes. */
  latencyMs?: number;
  /** Requests beyond it are throttled: Throttling.User, or Throttling.Api where each action has its own limit. */
  rateLimit?: RateLimit;
  fault?: (request: SandboxRequest) => Fault | undefined;
};

export type RequestRecord = SandboxRequest & {
  /** When it was answered, Unix ms. */
  at: number;
  nonce: string;
  date: string;
  status: number;
  code: string | undefined;
};

export type Sandbox = {
  url: string;
  credentials: { accessKeyId: string; accessKeySecret: string };
  cloud: Cloud;
  /** Every request that came, in order; the last MOST_RECORDS of them. */
  requests: RequestRecord[];
  close(): Promise<void>;
};

/** Known to everyone, so good for nothing but the sandbox. */
export const SANDBOX_KEY: Key = {
  accessKeyId: 'LTAI-sandbox-key-id',
  accessKeySecret: 'sandbox-key-secret-good-for-nothing-else',
};

const API_VERSION = '2016-04-28';
const MOST_RECORDS = 10_000;

export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { now = Date.now, keys = [SANDBOX_KEY], latencyMs = 0 } = options;
  const cloud = createCloud(options);
  const nonces = new Set<string>();
  const requests: RequestRecord[] = [];
  const { rateLimit } = options;
  const admits = rateLimit === undefined ? () => true : createRateLimit(rateLimit, now);
  const seenTokens = new Map<string, number>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await read(request);
    const parameters = parametersOf(raw);
    const action = raw.headers['x-acs-action'] ?? parameters.Action ?? '';
    const token = `${action} ${parameters.ClientToken ?? ''}`;
    const earlier = seenTokens.get(token) ?? 0;
    if (parameters.ClientToken !== undefined) seenTokens.set(token, earlier + 1);
    const asked: SandboxRequest = { action, parameters, earlier };
    const requestId = randomUUID().toUpperCase();
    const fault = options.fault?.(asked) ?? faultOfServer(cloud, asked);

    let outcome: Outcome;
    if (fault !== undefined && strikesBefore(fault)) {
      outcome = { status: 503, answer: {} };
    } else {
      outcome = await perform(raw, asked, requestId);
    }
    if (latencyMs > 0) await sleep(latencyMs);
    requests.push({
      ...asked,
      at: now(),
      nonce: raw.headers['x-acs-signature-nonce'] ?? '',
      date: raw.headers['x-acs-date'] ?? '',
      status: outcome.status,
      code: typeof outcome.answer.Code === 'string' ? outcome.answer.Code : undefined,
    });
    if (requests.length > MOST_RECORDS) requests.shift();
    reply(response, asked, raw, requestId, outcome, fault);
  }

  async function perform(raw: RawRequest, { action, parameters }: SandboxRequest, requestId: string): Promise<Outcome> {
    try {
      if (!admits(action)) throw rateLimit?.perAction ? actionThrottled() : throttled();
      const key = verifySignature(raw, keys, nonces, now());
      if (raw.headers['x-acs-version'] !== API_VERSION) {
        throw new ApiRefusal(404, 'InvalidVersion', 'Specified parameter Version is not valid.');
      }
      if (key.denied?.includes(action))
        throw new ApiRefusal(
          403,
          'Forbidden.RAM',
          "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
        );
      return { status: 200, answer: await cloud.act(action, parameters, requestId) };
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
      return refused(error, requestId, raw);
    }
  }

  function reply(
    response: ServerResponse,
    { action }: SandboxRequest,
    raw: RawRequest,
    requestId: string,
    outcome: Outcome,
    fault: Fault | undefined,
  ): void {
    const wantsJson = parameterFormat(raw) === 'JSON' || (raw.headers.accept ?? '').includes('json');
    const send = (status: number, type: string, body: string): void => {
      // The date is the sandbox's own, which tests set apart from the machine's.
      response.writeHead(status, {
        'content-type': `${type}; charset=utf-8`,
        'content-length': Buffer.byteLength(body),
        'x-acs-request-id': requestId,
        date: new Date(now()).toUTCString(),
        ...(outcome.retryAfterSeconds !== undefined && { 'retry-after': String(outcome.retryAfterSeconds) }),
      });
      response.end(body);
    };
    const sendEnvelope = ({ status, answer }: Outcome, asJson: boolean): void => {
      if (asJson) return send(status, 'application/json', JSON.stringify(answer));
      send(status, 'text/xml', toXml(status < 400 ? `${action}Response` : 'Error', answer));
    };

    if (typeof fault === 'object') return send(fault.status ?? 200, 'application/json', fault.body);
    switch (fault) {
      case undefined:
        return sendEnvelope(outcome, wantsJson);
      case 'reset-before':
      case 'reset-after':
        response.socket?.resetAndDestroy();
        return;
      case 'hang-before':
      case 'hang-after':
        return;
      case 'error-500-after':
        return sendEnvelope(
          refused(
            new ApiRefusal(500, 'InternalError', 'The request processing has failed due to some unknown error.'),
            requestId,
            raw,
          ),
          wantsJson,
        );
      case 'unavailable':
        return sendEnvelope(
          refused(
            new ApiRefusal(
              503,
              'ServiceUnavailable',
              'The request has failed due to a temporary failure of the server.',
            ),
            requestId,
            raw,
          ),
          wantsJson,
        );
      case 'throttled':
        return sendEnvelope(refused(throttled(), requestId, raw), wantsJson);
      case 'html-before':
      case 'html-after':
        return send(
          fault === 'html-before' ? 502 : 200,
          'text/html',
          '<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>',
        );
      case 'truncated':
        return send(200, 'application/json', JSON.stringify(outcome.answer).slice(0, 40));
      case 'empty':
        return send(200, 'application/json', '');
      case 'without-id':
        return send(200, 'application/json', JSON.stringify({ RequestId: requestId }));
      case 'xml':
        return sendEnvelope(outcome, false);
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  // Longer than clients keep idle connections, so that the service is not the one to close them.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  // The process may leave while the sandbox listens; the command that runs it alone holds on by itself.
  const { port } = server.address() as AddressInfo;
  const [key = SANDBOX_KEY] = keys;
  return {
    url: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: key.accessKeyId, accessKeySecret: key.accessKeySecret },
    cloud,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Outcome = { status: number; answer: Answer; retryAfterSeconds?: number | undefined };

function refused(error: ApiRefusal, requestId: string, raw: RawRequest): Outcome {
  return {
    status: error.status,
    retryAfterSeconds: error.retryAfterSeconds,
    answer: {
      RequestId: requestId,
      HostId: raw.headers.host ?? '',
      Code: error.code,
      Message: error.message,
      Recommend: `https://api.alibabacloud.com/troubleshoot?q=${encodeURIComponent(error.code)}&product=Vpc&requestId=${requestId}`,
    },
  };
}

function strikesBefore(fault: Fault): boolean {
  if (typeof fault === 'object') return fault.after !== true;
  return ['reset-before', 'hang-before', 'unavailable', 'throttled', 'html-before'].includes(fault);
}

/** The server that loses answers: the first one of each token is made and then cut off. */
function faultOfServer(cloud: Cloud, { action, parameters, earlier }: SandboxRequest): Fault | undefined {
  if (action !== 'CreateSslVpnClientCert' || earlier > 0) return undefined;
  return cloud.server(parameters.SslVpnServerId ?? '')?.onCreate === 'loses-answers' ? 'reset-after' : undefined;
}

function actionThrottled(): ApiRefusal {
  return new ApiRefusal(400, 'Throttling.Api', 'Request was denied due to api flow control.');
}

async function read(request: IncomingMessage): Promise<RawRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
  return { method: request.method ?? '', target: request.url ?? '/', headers, body: Buffer.concat(chunks) };
}

/** RPC actions take their parameters from the query, or from a form in the body. */
function parametersOf({ target, headers, body }: RawRequest): Parameters {
  const parameters = Object.fromEntries(new URL(target, 'http://sandbox').searchParams);
  if (!(headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) return parameters;
  return { ...parameters, ...Object.fromEntries(new URLSearchParams(body.toString('utf8'))) };
}

function parameterFormat(raw: RawRequest): string | undefined {
  return parametersOf(raw).Format?.toUpperCase();
}

function toXml(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((member) => toXml(name, member)).join('');
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([key, member]) => toXml(key, member))
          .join('')
      : String(value).replace(/[<>&]/g, (mark) => ({ '<': '&lt;', '>': '&gt;' })[mark] ?? '&amp;');
  return `<${name}>${inner}</${name}>`;
}
