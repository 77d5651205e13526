/** Facts of the case, dry runs, the catalogue: from outside. */
import { afterEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/errors/catalogue.js';
import type { SandboxOptions } from '../../src/sandbox/http.js';
import { closeSessions, type Result, startBin } from '../support/bin.js';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';

afterEach(closeSessions);
afterEach(closeAll);

const CREATE = 'create_ssl_vpn_client_cert';
const KEY = { accessKeyId: 'LTAI5tExampleExampleExample', accessKeySecret: 'a-secret-of-some-length' };

async function sessionWith(options: SandboxOptions = {}, args: string[] = [], env: Record<string, string> = {}) {
  const sandbox = await sandboxWith(options);
  const session = await startBin(args, {
    ALIBABA_CLOUD_VPC_ENDPOINT: sandbox.url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: sandbox.credentials.accessKeySecret,
    ...env,
  });
  return { sandbox, call: session.call, session };
}

const failing = (
  call: (tool: string, args: Record<string, unknown>) => Promise<Result>,
  server: string,
  region = 'cn-hangzhou',
) => call(CREATE, { region_id: region, ssl_vpn_server_id: server, name: 'joiner' }).then(({ error }) => error);

describe('facts of the case', () => {
  it('an unknown server: those of the region, near misses first', async () => {
    const { call } = await sessionWith();
    const error = await failing(call, 'vss-sandbox-hangzou');
    expect(error).toMatchObject({ code: 'InvalidSslVpnServerId.NotFound', facts: { servers_in_region: 9 } });
    expect(error.facts.servers[0]).toEqual({ ssl_vpn_server_id: 'vss-sandbox-hangzhou', name: 'hangzhou-office' });
  });

  it('a server of another region: that region', async () => {
    const { call } = await sessionWith();
    const error = await failing(call, SERVER);
    expect(error.facts.found_in_region).toBe(REGION);
    expect(error.next_steps[0]).toContain(REGION);
  });

  it('a certificate of another region, and one with a slip in its id', async () => {
    const { call } = await sessionWith();
    const elsewhere = await call('get_ssl_vpn_client_cert', {
      region_id: 'cn-hangzhou',
      ssl_vpn_client_cert_id: 'vsc-sandbox-alice',
    });
    expect(elsewhere.error.facts.found_in_region).toBe(REGION);
    const slip = await call('get_ssl_vpn_client_cert', {
      region_id: REGION,
      ssl_vpn_client_cert_id: 'vsc-sandbox-alise',
    });
    expect(slip.error.facts.certificates[0]).toEqual({ ssl_vpn_client_cert_id: 'vsc-sandbox-alice', name: 'alice' });
  });

  it('an unknown region: the likeliest ones', async () => {
    const { call } = await sessionWith();
    const error = await failing(call, SERVER, 'ap-southeast-11');
    expect(error).toMatchObject({
      code: 'InvalidRegionId.NotFound',
      facts: { regions: [{ region_id: 'ap-southeast-1', name: 'Singapore' }, {}, {}] },
    });
  });

  it('a full quota: how many there are, and which have expired', async () => {
    const { call } = await sessionWith();
    const error = await failing(call, 'vss-sandbox-quotafull');
    expect(error.facts).toMatchObject({
      certificate_count: 3,
      expired_count: 1,
      expired: [{ ssl_vpn_client_cert_id: 'vsc-sandbox-quota1', name: 'dave' }],
    });
    expect(error.facts).not.toHaveProperty('oldest');
    expect(error.next_steps[0]).toContain('facts.expired');
  });

  it('a full quota of valid certificates: the oldest, called valid', async () => {
    const { call, sandbox } = await sessionWith();
    sandbox.cloud.remove('vsc-sandbox-quota1');
    sandbox.cloud.seedServer({
      SslVpnServerId: 'vss-sandbox-quotafull',
      RegionId: 'cn-hangzhou',
      Name: 'error-quota-full',
      quota: 2,
    });
    const error = await failing(call, 'vss-sandbox-quotafull');
    expect(error.facts).toMatchObject({ expired_count: 0, oldest: [{ name: 'erin' }, { name: 'frank' }] });
    expect(error.next_steps[0]).toMatch(/all are valid.*facts.oldest/);
  });

  it.each(['vss-sandbox-subuser', 'vss-sandbox-forbidden'])(
    'no permission for %s: the smallest policy, ready to attach, and whom it is for',
    async (server) => {
      const { call, sandbox } = await sessionWith();
      const error = await failing(call, server);
      expect(error.facts).toEqual({ identity: 'acs:ram::1000000000000001:user/sandbox-user' });
      expect(error.ram_policy).toEqual({
        Version: '1',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['vpc:CreateSslVpnClientCert'],
            Resource: ['acs:vpc:cn-hangzhou:*:sslvpnclientcert/*', `acs:vpc:cn-hangzhou:*:sslvpnserver/${server}`],
          },
        ],
      });
      expect(sandbox.requests.map(({ action }) => action)).toEqual(['CreateSslVpnClientCert', 'GetCallerIdentity']);
    },
  );

  it('a batch that is refused: why and whom, as for a single call, and what its files need too', async () => {
    const { call } = await sessionWith();
    const answer = await call('issue_ssl_vpn_client_certs', {
      region_id: 'cn-hangzhou',
      ssl_vpn_server_id: 'vss-sandbox-subuser',
      names: ['anna'],
    });
    expect(answer.stopped_by.facts.identity).toContain('user/sandbox-user');
    const actionsOf = (error: Result) => error.ram_policy.Statement.flatMap((statement: Result) => statement.Action);
    expect(actionsOf(answer.stopped_by)).toContain('vpc:CreateSslVpnClientCert');
    expect(answer.next_steps[0]).toContain('stopped_by');
    const { error } = await call(CREATE, {
      region_id: 'cn-hangzhou',
      ssl_vpn_server_id: 'vss-sandbox-subuser',
      save_config: true,
    });
    expect(actionsOf(error)).toEqual(['vpc:CreateSslVpnClientCert', 'vpc:DescribeSslVpnClientCert']);
  });

  it('a tool of two actions: one policy with both', async () => {
    const { call } = await sessionWith({ keys: [{ ...KEY, denied: ['DescribeSslVpnClientCerts'] }] });
    const { error } = await call('delete_ssl_vpn_client_cert', {
      region_id: REGION,
      ssl_vpn_client_cert_id: 'vsc-sandbox-alice',
    });
    expect(error.code).toBe('Forbidden.RAM');
    expect(error.ram_policy.Statement.flatMap((statement: Result) => statement.Action)).toEqual([
      'vpc:DescribeSslVpnClientCerts',
      'vpc:DeleteSslVpnClientCert',
    ]);
  });

  it('a gateway being configured: when to try again', async () => {
    const body = JSON.stringify({
      RequestId: 'R',
      Code: 'VpnGateway.Configuring',
      Message: 'The specified service is configuring.',
    });
    const { call, sandbox } = await sessionWith(
      { fault: ({ action }) => (action === 'CreateSslVpnClientCert' ? { status: 400, body } : undefined) },
      ['--deadline', '8000'],
    );
    expect(await failing(call, 'vss-sandbox-configuring')).toMatchObject({
      code: 'VpnGateway.Configuring',
      category: 'busy',
      retry_after_seconds: 120,
      retryable: true,
      effect: 'none',
    });
    expect(sandbox.requests.filter(({ action }) => action === 'CreateSslVpnClientCert').length).toBeGreaterThan(0);
  });

  it('a locked gateway: which', async () => {
    const { call } = await sessionWith();
    const { facts } = await failing(call, 'vss-sandbox-locked');
    expect(facts).toEqual({ vpn_gateway_id: 'vpn-sandbox-locked', server_name: 'error-financial-locked' });
  });

  it.each([
    [{ ALIBABA_CLOUD_ACCESS_KEY_ID: 'my-key' }, 'LTAI'],
    [{ ALIBABA_CLOUD_ACCESS_KEY_SECRET: `${KEY.accessKeySecret} x` }, 'white space'],
    [{ ALIBABA_CLOUD_ACCESS_KEY_SECRET: `"${KEY.accessKeySecret}"` }, 'quotes'],
    [{ ALIBABA_CLOUD_ACCESS_KEY_ID: 'STS.NUgYrLnoC37mZZCNnAbez' }, 'security token is missing'],
  ])('credentials that look wrong (%j): what is wrong with them, not what they are', async (env, problem) => {
    const { call, session } = await sessionWith({ keys: [KEY] }, [], env);
    const error = await failing(call, SERVER, REGION);
    expect(error.category).toBe('credentials');
    expect(error.facts.problems.join()).toContain(problem);
    expect(error.next_steps[0]).toContain(problem);
    expect(session.stdout()).not.toContain(KEY.accessKeySecret);
  });

  it('a clock that stays off although it was corrected: by how much', async () => {
    const { call } = await sessionWith({
      now: () => Date.now() + 20 * 60_000,
      fault: ({ action }) =>
        action === 'CreateSslVpnClientCert'
          ? { status: 400, body: JSON.stringify({ RequestId: 'R', Code: 'InvalidTimeStamp.Expired', Message: 'm' }) }
          : undefined,
    });
    const error = await failing(call, SERVER, REGION);
    expect(error.facts.clock_behind_seconds).toBeGreaterThan(1_190);
  });

  it.each<[string, SandboxOptions]>([
    [
      'denied',
      {
        fault: ({ action }) =>
          action.startsWith('Describe')
            ? { status: 403, body: JSON.stringify({ RequestId: 'R', Code: 'Forbidden.RAM', Message: 'no' }) }
            : undefined,
      },
    ],
    ['slow', { fault: ({ action }) => (action.startsWith('Describe') ? 'hang-before' : undefined) }],
    ['broken', { fault: ({ action }) => (action.startsWith('Describe') ? 'html-before' : undefined) }],
  ])('where looking around is %s, the first error is answered inside the deadline', async (_how, options) => {
    const { call } = await sessionWith(options, ['--deadline', '8000']);
    // What hangs does so for good: an answer is one that came inside the deadline.
    const expected = {
      'vss-nowhere': 'InvalidSslVpnServerId.NotFound',
      'vss-sandbox-quotafull': 'Resource.QuotaFull',
      'vss-sandbox-locked': 'VpnGateway.FinancialLocked',
    };
    const errors = await Promise.all(Object.keys(expected).map((server) => failing(call, server)));
    expect(errors.map(({ code }) => code)).toEqual(Object.values(expected));
    for (const error of errors) {
      expect(error.effect).toBe('none');
      expect(error.next_steps.length).toBeGreaterThan(0);
    }
  });

  it('looking around keeps to the policy', async () => {
    const { call, sandbox } = await sessionWith({}, ['--allow-region', 'cn-hangzhou', '--allow-server', 'vss-nowhere']);
    const error = await failing(call, 'vss-nowhere');
    expect(error.facts).toEqual({ servers_in_region: 0, servers: [] });
    expect(
      sandbox.requests.every(
        ({ parameters }) => parameters.RegionId === undefined || parameters.RegionId === 'cn-hangzhou',
      ),
    ).toBe(true);
  });
});

describe('preview_api_call', () => {
  const PREVIEW = 'preview_api_call';

  it.each<[string, Record<string, unknown>, string, string[]]>([
    [CREATE, { ssl_vpn_server_id: SERVER, name: '张伟' }, 'CreateSslVpnClientCert', ['vpc:CreateSslVpnClientCert']],
    [
      'modify_ssl_vpn_client_cert',
      { ssl_vpn_client_cert_id: 'vsc-sandbox-alice', name: 'alicia' },
      'ModifySslVpnClientCert',
      ['vpc:ModifySslVpnClientCert'],
    ],
    [
      'delete_ssl_vpn_client_cert',
      { ssl_vpn_client_cert_id: 'vsc-sandbox-alice' },
      'DeleteSslVpnClientCert',
      ['vpc:DescribeSslVpnClientCerts', 'vpc:DeleteSslVpnClientCert'],
    ],
    [
      'save_ssl_vpn_client_config',
      { ssl_vpn_client_cert_id: 'vsc-sandbox-alice' },
      'DescribeSslVpnClientCert',
      ['vpc:DescribeSslVpnClientCert'],
    ],
    [
      'issue_ssl_vpn_client_certs',
      { ssl_vpn_server_id: SERVER, names: ['anna'], save_configs: 'new' },
      'CreateSslVpnClientCert',
      ['vpc:DescribeSslVpnClientCerts', 'vpc:CreateSslVpnClientCert', 'vpc:DescribeSslVpnClientCert'],
    ],
    [
      'list_ssl_vpn_client_certs',
      {},
      'DescribeSslVpnClientCerts',
      ['vpc:DescribeSslVpnClientCerts', 'vpc:DescribeSslVpnServers', 'vpc:DescribeRegions'],
    ],
    [
      'list_ssl_vpn_servers',
      {},
      'DescribeSslVpnServers',
      ['vpc:DescribeSslVpnServers', 'vpc:DescribeVpnGateways', 'vpc:DescribeRegions'],
    ],
    [
      'get_ssl_vpn_client_cert',
      { ssl_vpn_client_cert_id: 'vsc-1' },
      'DescribeSslVpnClientCert',
      ['vpc:DescribeSslVpnClientCert'],
    ],
  ])('of %s sends nothing and shows everything but the keys', async (tool, args, action, ramActions) => {
    const token = 'CAISsecurity/token+of=some==length';
    const { call, sandbox, session } = await sessionWith({ keys: [{ ...KEY, securityToken: token }] }, [], {
      ALIBABA_CLOUD_SECURITY_TOKEN: token,
    });
    const preview = await call(PREVIEW, { tool, arguments: { region_id: REGION, ...args }, signature: true });
    expect(preview).toMatchObject({
      sent: false,
      action,
      method: 'POST',
      ram_actions: ramActions,
      sdk: 'typescript',
      parameters: { RegionId: REGION },
    });
    const followed: Record<string, string> = {
      issue_ssl_vpn_client_certs: 'DescribeSslVpnClientCert',
      list_ssl_vpn_client_certs: 'DescribeSslVpnServers',
      list_ssl_vpn_servers: 'DescribeVpnGateways',
    };
    expect(preview.then).toEqual(followed[tool] === undefined ? undefined : [followed[tool]]);
    expect(preview.url.startsWith(`${sandbox.url}/?`)).toBe(true);
    expect(preview.canonical_request.split('\n').slice(0, 2)).toEqual(['POST', '/']);
    expect(preview.string_to_sign).toMatch(/^ACS3-HMAC-SHA256\n[0-9a-f]{64}$/);
    expect(preview.headers).toMatchObject({
      'x-acs-action': action,
      'x-acs-security-token': '[security token]',
      authorization: expect.stringMatching(/Credential=LTAI5t….{4},.*Signature=\[signature\]$/),
    });
    expect(preview.code).toContain(action);
    expect(sandbox.requests).toHaveLength(0);
    for (const secret of [KEY.accessKeyId, KEY.accessKeySecret, token]) expect(session.stdout()).not.toContain(secret);
  });

  it('gives the code in the language asked for, and needs no credentials', async () => {
    const session = await startBin([]);
    const create = { tool: CREATE, arguments: { region_id: REGION, ssl_vpn_server_id: SERVER } };
    for (const [sdk, mark] of [
      ['python', 'alibabacloud_vpc20160428'],
      ['go', 'package main'],
      ['java', 'public class'],
      ['cli', 'aliyun vpc'],
      ['terraform', 'alicloud_ssl_vpn_client_cert'],
    ]) {
      const preview = await session.call(PREVIEW, { ...create, sdk });
      expect(preview.code).toContain(mark);
      expect(preview).not.toHaveProperty('canonical_request');
      // Tabs stay tabs.
      expect(preview.code).not.toContain('\\u{');
    }
    const { error } = await session.call(PREVIEW, { ...create, sdk: 'cobol' });
    expect(error).toMatchObject({ code: 'Client.InvalidArguments', message: expect.stringContaining('sdk: "cobol"') });
  });

  it('checks the arguments of the tool as the tool itself does, null counting as left out', async () => {
    const session = await startBin([]);
    const preview = (args: Record<string, unknown>) => session.call(PREVIEW, { tool: CREATE, arguments: args });
    expect((await preview({ region_id: REGION })).error).toMatchObject({
      code: 'Client.InvalidArguments',
      message: expect.stringContaining('ssl_vpn_server_id is missing'),
    });
    const { parameters } = await preview({ region_id: REGION, ssl_vpn_server_id: SERVER, name: null });
    expect(Object.keys(parameters).sort()).toEqual(['ClientToken', 'RegionId', 'SslVpnServerId']);
    const none = await session.call(PREVIEW, { tool: 'explain_error', arguments: { code: 'x' } });
    expect(none.error).toMatchObject({ code: 'Client.InvalidArguments', message: expect.stringContaining(CREATE) });
  });

  it('keeps to the policy', async () => {
    const session = await startBin(['--sandbox', '--allow-region', 'eu-central-1']);
    const create = { tool: CREATE, arguments: { region_id: REGION, ssl_vpn_server_id: SERVER } };
    expect((await session.call(PREVIEW, create)).error.code).toBe('Client.Refused');
  });
});

describe('the catalogue', () => {
  it('is asked with explain_error', async () => {
    const session = await startBin([]);
    expect(await session.call('explain_error', { code: 'Forbidden.SubUser' })).toMatchObject({
      match: 'near',
      code: 'Forbbiden.SubUser',
      category: 'permission',
      documentation_url: expect.stringContaining('https://'),
    });
    expect((await session.call('explain_error', { code: 'Quota' })).candidates.length).toBeGreaterThan(1);
  });

  it('is a resource, whose entries are what explain_error says', async () => {
    const session = await startBin([]);
    const { resources } = await session.client.listResources();
    expect(resources).toHaveLength(1);
    const { contents } = await session.client.readResource({ uri: resources[0]?.uri ?? '' });
    const [first] = contents;
    const entries: Result[] = JSON.parse(first && 'text' in first ? first.text : '[]');
    expect(entries.map(({ code }) => code)).toEqual(CATALOGUE.map(({ code }) => code));
    for (const entry of entries) {
      const { match, ...explained } = await session.call('explain_error', { code: entry.code });
      expect([match, explained]).toEqual(['exact', entry]);
    }
    await expect(session.client.readResource({ uri: 'file:///etc/passwd' })).rejects.toThrow('there is no resource');
  });
});
