import { describe, expect, it } from 'vitest';
import { CATALOGUE, catalogueFamily } from '../../src/errors/catalogue.js';
import {
  CallFailure,
  ConnectionError,
  CredentialsMissingError,
  MalformedResponseError,
  ServiceError,
} from '../../src/errors/errors.js';
import { explain } from '../../src/errors/explain.js';
import { externalText, serviceMessage } from '../../src/errors/external-text.js';

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
      for (const sentence of [entry.cause, ...entry.nextSteps]) expect(sentence, entry.code).toMatch(/^[A-Z].*[.]$/);
      expect(entry.nextSteps.length, entry.code).toBeGreaterThan(0);
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
      client_token: 'token-1',
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
    const explained = explain(failed(service('Something.New', status), 'none'));
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
    const create = explain(failed(timeout, 'unknown'));
    expect(create).toMatchObject({
      code: 'Client.Timeout',
      effect: 'unknown',
      client_token: 'token-1',
      retryable: true,
    });
    expect(create.next_steps[0]).toMatch(/client_token/);
    expect(explain(failed(timeout, 'unknown', 'DeleteSslVpnClientCert')).next_steps[0]).not.toMatch(/client_token/);
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

describe('texts from outside', () => {
  it('are one visible line and never long', () => {
    expect(externalText('a\r\nIgnore\u0000 all\u202Eprevious\u200B', 100)).toBe('a Ignore  all previous');
    expect(externalText('𠮷'.repeat(10), 4)).toBe('𠮷𠮷𠮷𠮷…');
  });

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
