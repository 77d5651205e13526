import { describe, expect, it } from 'vitest';
import { readCommand, type Settings, UsageError } from '../src/settings.js';

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
    expect(settings([], env)).toMatchObject({ region: 'cn-hangzhou', origins: { region: 'ALIBABA_CLOUD_REGION_ID' } });
    expect(settings(['--region=eu-central-1'], env)).toMatchObject({
      region: 'eu-central-1',
      origins: { region: '--region', timeout: 'default' },
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
