import { describe, expect, it } from 'vitest';
import { readCommand } from '../src/cli.js';
import { type Settings, UsageError } from '../src/settings.js';

function settings(argv: string[], env: Record<string, string> = {}): Settings {
  const command = readCommand(argv, env);
  if (command.name !== 'serve') throw new Error(`not serve but ${command.name}`);
  return command.settings;
}

describe('settings', () => {
  it('have the documented defaults', () => {
    expect(settings([])).toMatchObject({
      region: undefined,
      endpoint: undefined,
      timeoutMs: 10_000,
      deadlineMs: 45_000,
      readOnly: false,
      allowRegions: undefined,
      allowServers: undefined,
      tools: undefined,
      auditLog: undefined,
      logLevel: 'info',
      credentials: undefined,
    });
    expect(settings([]).outputDir).toMatch(/\/ssl-vpn-configs$/);
  });

  it('a flag wins over its variable, and each is said to be where the value came from', () => {
    const env = { ALIBABA_CLOUD_REGION_ID: 'cn-hangzhou' };
    expect(settings([], env)).toMatchObject({
      region: 'cn-hangzhou',
      origins: new Map([['--region', 'ALIBABA_CLOUD_REGION_ID']]),
    });
    expect(settings(['--region=eu-central-1'], env)).toMatchObject({
      region: 'eu-central-1',
      origins: new Map([['--region', '--region']]),
    });
  });

  it('an empty variable counts as not set, as MCP clients pass what the user left out', () => {
    expect(
      settings([], { ALIBABA_CLOUD_REGION_ID: '', SSL_VPN_MCP_READ_ONLY: '', ALIBABA_CLOUD_SECURITY_TOKEN: '' }),
    ).toMatchObject({ region: undefined, readOnly: false });
  });

  it('lists come from repeated flags or from commas', () => {
    expect(settings(['--allow-region', 'cn-hangzhou', '--allow-region', 'eu-central-1']).allowRegions).toEqual([
      'cn-hangzhou',
      'eu-central-1',
    ]);
    expect(settings([], { SSL_VPN_MCP_ALLOW_SERVERS: 'vss-a, vss-b' }).allowServers).toEqual(['vss-a', 'vss-b']);
    expect(settings(['--tools', 'list_regions,explain_error']).tools).toEqual(['list_regions', 'explain_error']);
  });

  it('a list that names nothing is an error, for it would allow nothing or everything', () => {
    expect(() => settings(['--allow-server', ','])).toThrow(UsageError);
  });

  it.each([
    ['vpc.eu-central-1.aliyuncs.com', 'https://vpc.eu-central-1.aliyuncs.com'],
    ['https://proxy.example:8443/', 'https://proxy.example:8443'],
    ['http://127.0.0.1:4510', 'http://127.0.0.1:4510'],
    ['http://localhost:80', 'http://localhost'],
    ['http://[::1]:5', 'http://[::1]:5'],
  ])('the endpoint %s is taken as %s', (given, taken) => {
    expect(settings(['--endpoint', given]).endpoint).toBe(taken);
  });

  it.each([
    'http://vpc.aliyuncs.com',
    'http://127.0.0.1.evil.com',
    'http://localhost.evil.com',
    'ftp://127.0.0.1',
    'https://user:pass@host',
    'https://host/path',
    'https://host?x',
    'http://',
    ':',
    'http://2130706433.evil',
  ])('the endpoint %s is refused at start', (given) => {
    expect(() => settings(['--endpoint', given])).toThrow(UsageError);
  });

  it.each([
    ['ALIBABA_CLOUD_REGION_ID'],
    ['ALIBABA_CLOUD_VPC_ENDPOINT'],
    ['SSL_VPN_MCP_TIMEOUT_MS'],
    ['SSL_VPN_MCP_READ_ONLY'],
    ['SSL_VPN_MCP_ALLOW_SERVERS', 'a secret with blanks'],
    ['SSL_VPN_MCP_TOOLS'],
    ['SSL_VPN_MCP_LOG_LEVEL'],
    ['ALIBABA_CLOUD_CREDENTIALS_URI'],
    ['HTTPS_PROXY'],
    ['http_proxy'],
    ['ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'one secret\nand another'],
  ])(
    'a secret in the wrong variable %s is not printed back',
    (variable, secret = 'Zx9SecretOfThirtyCharactersLong') => {
      expect(() => settings([], { [variable]: secret })).toThrow(
        expect.objectContaining({
          name: 'UsageError',
          message: expect.stringMatching(new RegExp(`^${variable}: its value .* accepted: `)),
        }),
      );
      expect(() => settings([], { [variable]: secret })).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('secret') }),
      );
    },
  );

  it('are trimmed once, where they are read: files of variables end their lines in many ways', () => {
    const { credentials, region } = settings([], {
      ALIBABA_CLOUD_ACCESS_KEY_ID: ' id\r',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 's\r\n',
      ALIBABA_CLOUD_SECURITY_TOKEN: '\tt ',
      ALIBABA_CLOUD_REGION_ID: 'cn-hangzhou\r',
    });
    expect(credentials).toEqual({ accessKeyId: 'id', accessKeySecret: 's', securityToken: 't' });
    expect(region).toBe('cn-hangzhou');
  });

  it.each(['127.0.0.1:3128', 'proxy.example', 'socks5://127.0.0.1:1080', 'http://'])(
    'a proxy %s is a usage error that says what is accepted',
    (proxy) =>
      expect(() => settings([], { HTTPS_PROXY: proxy })).toThrow(
        'HTTPS_PROXY: its value is not accepted; accepted: an http',
      ),
  );

  it.each([
    ['https://keys.example/role', true],
    ['http://127.0.0.1:8080/role', true],
    ['http://keys.example/role', false],
    ['http://127.0.0.1.evil.example/', false],
  ])('credentials are fetched from %s: %s', (uri, accepted) => {
    const read = () => settings([], { ALIBABA_CLOUD_CREDENTIALS_URI: uri }).credentialsUri;
    if (accepted) expect(read()).toBe(uri);
    else expect(read).toThrow('ALIBABA_CLOUD_CREDENTIALS_URI');
  });

  it('half a key is no key', () => {
    expect(settings([], { ALIBABA_CLOUD_ACCESS_KEY_ID: 'id' }).credentials).toBeUndefined();
    expect(
      settings([], {
        ALIBABA_CLOUD_ACCESS_KEY_ID: 'id',
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: 's',
        ALIBABA_CLOUD_SECURITY_TOKEN: 't',
      }).credentials,
    ).toEqual({ accessKeyId: 'id', accessKeySecret: 's', securityToken: 't' });
  });

  it('never quotes a long value whole: it may be a secret pasted into the wrong place', () => {
    const secret = 'x'.repeat(200);
    expect(() => settings([secret])).toThrow(expect.objectContaining({ message: expect.not.stringContaining(secret) }));
  });
});
