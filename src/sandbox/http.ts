/** The sandbox's wire: HTTP on a loopback port, signatures checked, answers in JSON or XML, faults on demand. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cloud, createCloud } from './cloud.js';
import { asJson, asXml, type Outcome, type Reply, refused } from './envelope.js';
import { type Fault, replyUnder, type SandboxRequest, strikesBefore } from './faults.js';
import { listen } from './listen.js';
import { faultOnCreate } from './on-create.js';
import type { Parameters } from './parameters.js';
import { createRateLimit, type RateLimit } from './rate-limit.js';
import { parametersOf, type Rejection, receive } from './receive.js';
import { ApiRefusal, throttled } from './refusals.js';
import type { CloudOptions } from './state.js';
import { type Key, type RawRequest, verifySignature } from './verify-signature.js';

export type { Fault } from './faults.js';
export type { Key } from './verify-signature.js';

/** What the service and the network are like. */
export type Conditions = {
  /** ms that each answer takes. */
  latencyMs?: number;
  /** Requests beyond it are throttled: Throttling.User, or Throttling.Api where each action has its own limit. */
  rateLimit?: RateLimit;
  fault?: (request: SandboxRequest) => Fault | undefined;
};

export type SandboxOptions = CloudOptions &
  Conditions & {
    /** 0 takes any free one. */
    port?: number;
    keys?: readonly Key[];
    /** ms within which a request has to be there, from the moment its connection is open. */
    receiveTimeoutMs?: number;
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
  /** Every request that came, in order; the last MAX_RECORDS of them. */
  requests: RequestRecord[];
  /** From the next request on, in place of those before. */
  setConditions(conditions: Conditions): void;
  close(): Promise<void>;
};

/** Known to everyone, so good for nothing but the sandbox. */
export const SANDBOX_KEY: Key = {
  accessKeyId: 'LTAI-sandbox-key-id',
  accessKeySecret: 'sandbox-key-secret-good-for-nothing-else',
};

const MAX_RECORDS = 10_000;
/** Long enough for a connection that a client opens ahead of its first request. */
const RECEIVE_TIMEOUT_MS = 60_000;

export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { now = Date.now, keys = [SANDBOX_KEY], receiveTimeoutMs = RECEIVE_TIMEOUT_MS } = options;
  const cloud = createCloud(options);
  const nonces = new Set<string>();
  const requests: RequestRecord[] = [];
  let conditions: Conditions = options;
  let admits = admission(options);
  const seenTokens = new Map<string, number>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID().toUpperCase();
    const raw = await receive(request);
    if ('reason' in raw) return send(response, requestId, turnedAway(raw));
    const parameters = parametersOf(raw);
    const action = raw.headers['x-acs-action'] ?? parameters.Action ?? '';
    const asked: SandboxRequest = { action, parameters, earlier: countToken(action, parameters) };
    const { fault: faultOf, latencyMs = 0 } = conditions;
    const fault = faultOf?.(asked) ?? faultOnCreate(cloud.server(parameters.SslVpnServerId ?? ''), asked);

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
    if (requests.length > MAX_RECORDS) requests.shift();

    const wantsJson = parameters.Format?.toUpperCase() === 'JSON' || (raw.headers.accept ?? '').includes('json');
    const inForm = (shown: Outcome): Reply => (wantsJson ? asJson(shown) : asXml(shown, action));
    if (fault === undefined) return send(response, requestId, inForm(outcome));
    const reply = replyUnder(fault, { action, requestId, host: raw.headers.host ?? '', outcome, inForm });
    if (reply === 'reset') response.socket?.resetAndDestroy();
    else if (reply !== 'hang') send(response, requestId, reply);
  }

  function admission({ rateLimit }: Conditions): (action: string) => boolean {
    return rateLimit === undefined ? () => true : createRateLimit(rateLimit, now);
  }

  /** @returns how many requests of this action came with the same token before */
  function countToken(action: string, { ClientToken }: Parameters): number {
    if (ClientToken === undefined) return 0;
    const token = `${action} ${ClientToken}`;
    const earlier = seenTokens.get(token) ?? 0;
    seenTokens.set(token, earlier + 1);
    return earlier;
  }

  async function perform(raw: RawRequest, { action, parameters }: SandboxRequest, requestId: string): Promise<Outcome> {
    try {
      if (!admits(action)) throw throttled(conditions.rateLimit?.perAction ? 'Throttling.Api' : 'Throttling.User');
      const caller = verifySignature(raw, keys, nonces, now());
      const version = raw.headers['x-acs-version'];
      return { status: 200, answer: await cloud.act({ version, action, parameters, caller }, requestId) };
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
      return refused(error, requestId, raw.headers.host ?? '');
    }
  }

  function send(response: ServerResponse, requestId: string, reply: Reply & { close?: boolean }): void {
    response.writeHead(reply.status, {
      'content-type': `${reply.type};charset=utf-8`,
      'content-length': Buffer.byteLength(reply.body),
      'x-acs-request-id': requestId,
      // The sandbox's own, which tests set apart from the machine's.
      date: new Date(now()).toUTCString(),
      ...(reply.retryAfterSeconds !== undefined && { 'retry-after': String(reply.retryAfterSeconds) }),
      ...(reply.close && { connection: 'close' }),
    });
    response.end(reply.body);
  }

  const { port, close } = await listen(handle, options.port ?? 0, receiveTimeoutMs);
  const [key = SANDBOX_KEY] = keys;
  return {
    url: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: key.accessKeyId, accessKeySecret: key.accessKeySecret },
    cloud,
    requests,
    setConditions(next) {
      conditions = next;
      admits = admission(next);
    },
    close,
  };
}

/** The connection is closed: the rest of the request may still be on its way. */
function turnedAway({ status, reason }: Rejection): Reply & { close: true } {
  return { status, type: 'text/plain', body: `${reason}\n`, close: true };
}
