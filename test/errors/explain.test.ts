import { describe, expect, it } from 'vitest';
import { CATALOGUE, catalogueFamily } from '../../src/errors/catalogue.js';
import {
  CallFailure,
  ConnectionError,
  CredentialsMissingError,
  MalformedResponseError,
  ServiceError,
} from '../../src/errors/errors.js';
import { errorAnswer, explain } from '../../src/errors/explain.js';
import { serviceMessage } from '../../src/errors/external-text.js';

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
      expect(entry.steps.length, entry.code).toBeGreaterThan(0);
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
    expect(catalogueFamily(code)?.code).toBe(family);
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
  ])('of an unknown code goes by its status %i', (status, category, retryable) => {
    const explained = errorAnswer(explain(failed(service('Something.New', status), 'none')));
    expect(explained).toMatchObject({ code: 'Something.New', category, retryable });
    expect(explained.explanation).toContain(String(status));
    expect(explained.next_steps.length).toBeGreaterThan(0);
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
  const steps = CATALOGUE.flatMap(({ code, httpStatus = 400 }) =>
    (['none', 'unknown'] as const).map((effect) => [code, httpStatus, effect] as const),
  );

  it.each(steps)('for %s (%i) with effect %s speaks of nothing that it does not have', (code, status, effect) => {
    for (const takesClientToken of [false, true]) {
      const explained = explain(failed(service(code, status), effect), { takesClientToken });
      const answer = errorAnswer(explained);
      expect('client_token' in answer).toBe(takesClientToken && effect === 'unknown');
      const said = answer.next_steps.join(' ');
      if (!('client_token' in answer)) expect(said).not.toContain('client_token');
      expect(said).not.toContain('ram_policy');
      if (effect === 'unknown') expect(answer.next_steps[0]).toMatch(/^Repeat the call with the same arguments/);
      const withPolicy = errorAnswer({ ...explained, ram_policy: {} });
      expect(withPolicy.next_steps.length).toBeGreaterThanOrEqual(answer.next_steps.length);
    }
  });

  it('leaves out what the facts already say', () => {
    const full = explain(failed(service('Resource.QuotaFull', 400), 'none'));
    expect(errorAnswer(full).next_steps[0]).toContain('list_ssl_vpn_client_certs');
    expect(errorAnswer({ ...full, facts: {} }).next_steps.join(' ')).not.toContain('list_ssl_vpn_client_certs');
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
