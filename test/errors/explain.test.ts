import { describe, expect, it } from 'vitest';
import { CATALOGUE, OWN_ENTRIES, serviceEntry } from '../../src/errors/catalogue.js';
import {
  CallFailure,
  CancelledError,
  ConnectionError,
  CredentialsMissingError,
  MalformedResponseError,
  RefusedError,
  ServiceError,
  UnknownToolError,
} from '../../src/errors/errors.js';
import { errorAnswer, explain } from '../../src/errors/explain.js';
import { serviceMessage } from '../../src/errors/external-text.js';
import { ask, repeat, type Step, stepTexts } from '../../src/errors/steps.js';

function service(code: string, httpStatus: number, more: Partial<ServiceError> = {}): ServiceError {
  return new ServiceError(more.message ?? 'as sent', {
    code,
    httpStatus,
    requestId: 'R-1',
    recommend: more.recommend,
    retryAfterSeconds: more.retryAfterSeconds,
    serverTime: undefined,
  });
}

const KINDS: Step['do'][] = ['repeat', 'wait', 'ask', 'fix', 'read'];

const failed = (cause: Error, effect: 'none' | 'unknown', action = 'CreateSslVpnClientCert') =>
  new CallFailure(cause, {
    action,
    regionId: 'cn-hangzhou',
    host: 'h',
    parameters: {},
    effect,
    attempts: 1,
    clientToken: 'token-1',
    clockOffsetSeconds: undefined,
  });

describe('the catalogue', () => {
  it('has each code once, and each entry says what to do in whole sentences', () => {
    const codes = CATALOGUE.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const entry of CATALOGUE) {
      const sentences = [entry.cause, ...entry.steps.map(({ text }) => text)];
      for (const sentence of sentences) expect(sentence, entry.code).toMatch(/^[A-Z].*[.]$/);
      for (const step of entry.steps) expect(KINDS, entry.code).toContain(step.do);
      expect(stepTexts(entry.steps, {}).length, entry.code).toBeGreaterThan(0);
    }
  });

  it('says of each full quota that can be freed what revoking costs', () => {
    for (const code of ['Resource.QuotaFull', 'CreateSslCertsQuotaFull.QuotaFull', 'QuotaExceeded']) {
      const said = stepTexts(serviceEntry(code)?.steps ?? [], {}).join(' ');
      expect(said, code).toContain('cannot be restored');
      expect(said, code).toContain('disconnects everyone');
    }
  });

  it.each([
    'Forbbiden.SubUser',
    'Forbidden',
    'Resource.QuotaFull',
    'VpnGateway.Configuring',
    'VpnGateway.FinancialLocked',
    'InvalidName',
    'Throttling',
    'Throttling.User',
    'Throttling.Api',
    'ServiceUnavailable',
    'InternalError',
    'SignatureDoesNotMatch',
    'IncompleteSignature',
    'SignatureNonceUsed',
    'InvalidTimeStamp.Expired',
    'InvalidAccessKeyId.NotFound',
    'InvalidAccessKeyId.Inactive',
    'InvalidSecurityToken.Expired',
    'InvalidSecurityToken.Malformed',
    'MissingParameter',
    'InvalidRegionId.NotFound',
    'InvalidSslVpnServerId.NotFound',
    'InvalidSslVpnClientCertId.NotFound',
    'Forbidden.RAM',
    'NoPermission',
    'OperationConflict',
    'TaskConflict',
    'IdempotentParameterMismatch',
    'UnsupportedOperation',
    'Client.InvalidArguments',
    'Client.UnknownTool',
    'Client.CredentialsMissing',
    'Client.Network',
    'Client.Timeout',
    'Client.MalformedResponse',
    'Client.Refused',
    'Client.Cancelled',
    'Client.FileExists',
    'Client.Internal',
  ])('knows %s', (code) => {
    expect(CATALOGUE.some((entry) => entry.code === code)).toBe(true);
  });

  it.each([
    ['Throttling.Something', 'Throttling'],
    ['Forbidden.Deep.Down', 'Forbidden'],
    ['MissingSslVpnServerId', 'MissingParameter'],
    ['InvalidVpcId.NotFound', 'ResourceNotFound'],
    ['InvalidCidr', 'InvalidParameter'],
  ])('takes %s for one of the family of %s', (code, family) => {
    expect(serviceEntry(code)?.code).toBe(family);
  });

  it('explains no code of the service as one of ours', () => {
    for (const own of Object.keys(OWN_ENTRIES)) {
      for (const code of [own, `${own}.More`, own.toLowerCase(), `Service.${own}`]) {
        const explained = explain(service(code, 403));
        expect(explained, code).toMatchObject({ code, category: 'permission', isDefect: false });
        expect(explained.explanation, code).toContain('403');
      }
    }
  });
});

describe('an explanation', () => {
  it('keeps code and message as sent, odd spellings included', () => {
    expect(
      explain(failed(service('Forbbiden.SubUser', 403, { message: 'User not  authorized' }), 'none')),
    ).toMatchObject({
      code: 'Forbbiden.SubUser',
      message: 'User not  authorized',
      http_status: 403,
      request_id: 'R-1',
      category: 'permission',
      effect: 'none',
    });
  });

  it.each([
    [400, 'invalid_input', false],
    [401, 'permission', false],
    [403, 'permission', false],
    [404, 'not_found', false],
    [409, 'conflict', false],
    [429, 'throttled', true],
    [500, 'service', true],
    [200, 'service', false],
  ])('of an unknown code goes by its status %i', (status, category, retryable) => {
    const explained = errorAnswer(explain(failed(service('Something.New', status), 'none')));
    expect(explained).toMatchObject({ code: 'Something.New', category, retryable });
    expect(explained.explanation).toContain(String(status));
    expect(explained.next_steps.length).toBeGreaterThan(0);
  });

  it('of the code "ok" is that of an error like any other', () => {
    expect(explain(failed(service('ok', 200), 'unknown'))).toMatchObject({ code: 'ok', effect: 'unknown' });
  });

  it("takes the service's link to advice, but no other link", () => {
    const link = 'https://api.alibabacloud.com/troubleshoot?q=X';
    expect(explain(service('X', 400, { recommend: link })).documentation_url).toBe(link);
    const foreign = explain(service('X', 400, { recommend: 'https://evil.example/aliyun.com' }));
    expect(foreign.documentation_url).not.toContain('evil');
    expect(foreign.facts).toEqual({ recommend: 'https://evil.example/aliyun.com' });
  });

  it('of an open end says how to settle it first', () => {
    const timeout = new ConnectionError('h did not answer', {
      problem: 'timeout',
      host: 'h',
      systemCode: undefined,
      sent: true,
    });
    const create = errorAnswer(explain(failed(timeout, 'unknown'), { takesClientToken: true }));
    expect(create).toMatchObject({
      code: 'Client.Timeout',
      effect: 'unknown',
      client_token: 'token-1',
      retryable: true,
    });
    expect(create.next_steps[0]).toMatch(/client_token/);
    const others = errorAnswer(explain(failed(timeout, 'unknown', 'DeleteSslVpnClientCert')));
    expect(JSON.stringify(others)).not.toMatch(/client_token|token-1/);
  });

  it('of an answer that is none keeps status and request id', () => {
    const broken = new MalformedResponseError('HTTP 502 with HTML.', {
      httpStatus: 502,
      requestId: 'R',
      retryAfterSeconds: 7,
    });
    expect(explain(failed(broken, 'unknown'))).toMatchObject({
      code: 'Client.MalformedResponse',
      http_status: 502,
      request_id: 'R',
      retry_after_seconds: 7,
    });
  });

  it('of missing credentials names what was tried', () => {
    expect(explain(new CredentialsMissingError(['environment: not set', 'profile: no file'])).message).toContain(
      'environment: not set; profile: no file',
    );
  });

  it('of a defect of ours shows nothing of it but its kind', () => {
    const explained = explain(new TypeError('secret inside'));
    expect(explained).toMatchObject({ code: 'Client.Internal', category: 'internal' });
    expect(JSON.stringify(explained)).not.toContain('secret inside');
  });
});

describe('an answer', () => {
  const timeout = new ConnectionError('h did not answer', {
    problem: 'timeout',
    host: 'h',
    systemCode: undefined,
    sent: true,
  });
  const causes: [string, Error][] = [
    ...CATALOGUE.filter(({ httpStatus }) => httpStatus !== undefined).map(
      ({ code, httpStatus = 400 }): [string, Error] => [code, service(code, httpStatus)],
    ),
    ...[200, 400, 401, 404, 409, 429, 500].map((status): [string, Error] => [`HTTP ${status}`, service('New', status)]),
    ['a time-out', timeout],
    ['a cancellation', new CancelledError()],
    ['a refusal', new RefusedError('no', [ask('Ask for it.'), repeat('Repeat the call.')])],
    ['a defect', new TypeError('secret')],
  ];

  it.each(causes)('to %s speaks of a client_token and a ram_policy only if it has them', (_name, cause) => {
    for (const effect of ['none', 'unknown'] as const) {
      for (const takesClientToken of [false, true]) {
        for (const policy of [{}, { ram_policy: { Version: '1' } }]) {
          const answer = errorAnswer({ ...explain(failed(cause, effect), { takesClientToken }), ...policy });
          const { client_token, ram_policy, ...said } = answer;
          expect(client_token).toBe(takesClientToken && effect === 'unknown' ? 'token-1' : undefined);
          for (const [field, value] of Object.entries({ client_token, ram_policy })) {
            if (value === undefined) expect(JSON.stringify(said)).not.toContain(field);
          }
          expect(answer.next_steps.length).toBeGreaterThan(0);
        }
      }
    }
  });

  it.each(causes)('to %s whose effect is unknown says first, and only once, to repeat the call', (_name, cause) => {
    const { steps } = explain(failed(cause, 'unknown'), { takesClientToken: true });
    expect(steps.map((step) => step.do === 'repeat' || step.do === 'wait')).toEqual(steps.map((_step, at) => at === 0));
    expect(steps[0]?.needs).toBe('client_token');
  });

  it('to a lack of permission says how to get it, with the policy and without', () => {
    const denied = explain(service('Forbidden.RAM', 403));
    expect(errorAnswer(denied).next_steps[0]).toContain('Ask the administrator');
    expect(errorAnswer({ ...denied, ram_policy: {} }).next_steps[0]).toContain('ram_policy');
    expect(errorAnswer({ ...denied, ram_policy: {} }).next_steps).toHaveLength(errorAnswer(denied).next_steps.length);
  });

  it('leaves out what its facts already say, but not for other facts', () => {
    const full = explain(service('Resource.QuotaFull', 400, { recommend: 'no link' }));
    expect(full.facts).toEqual({ recommend: 'no link' });
    expect(errorAnswer(full).next_steps[0]).toContain('list_ssl_vpn_client_certs');
    const listed = errorAnswer({ ...full, facts: { certificate_count: 3 } });
    expect(listed.next_steps.join(' ')).not.toContain('list_ssl_vpn_client_certs');
  });

  it('to an unknown tool is short, however long the name', () => {
    const { message } = explain(new UnknownToolError('x'.repeat(3_000_000), []));
    expect(message.length).toBeLessThan(200);
  });
});

describe('texts from outside', () => {
  it.each([
    'Specified signature is not matched. server string to sign is:POST&%2F&AccessKeyId%3DX',
    'server StringToSign is:ACS3 secret',
    'CanonicalRequest: POST\n/\nsecret',
  ])('%j loses what was signed', (message) => {
    expect(serviceMessage(message)).toMatch(/\[removed\]$/);
    expect(serviceMessage(message)).not.toMatch(/secret|AccessKeyId/);
  });

  it('lose keys in PEM', () => {
    expect(serviceMessage('x -----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY----- y')).toBe('x [removed] y');
  });
});
