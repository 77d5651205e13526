import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { feed, spawnBin } from '../support/bin.js';
import { officialClient, Vpc } from '../support/official-sdk.js';

describe('the command line', () => {
  it('--version and --help', async () => {
    expect(await feed(['--version'], '')).toMatchObject({ code: 0, stdout: `${manifest.version}\n` });
    const help = await feed(['--help'], '');
    expect(help.code).toBe(0);
    for (const other of ['-h', 'help']) expect(await feed([other], '')).toMatchObject({ code: 0, stdout: help.stdout });
    for (const flag of ['--sandbox', '--region', '--endpoint', '--deadline', '--read-only', 'SSL_VPN_MCP_TOOLS'])
      expect(help.stdout).toContain(flag);
  });

  it.each([
    [['serve'], '"serve"', 'sandbox'],
    [['--regoin', 'x'], '"--regoin"', '--region'],
    [['--timeout', 'soon'], '"soon"', 'milliseconds'],
    [['--endpoint', 'http://vpc.example.com'], 'http://vpc.example.com', 'loopback'],
    [['--region', 'Singapore'], '"Singapore"', 'ap-southeast-1'],
    [['--log-level', 'loud'], '"loud"', 'debug, info, warn, error'],
    [['--tools', 'make_cert'], '"make_cert"', 'create_ssl_vpn_client_cert'],
    [['--read-only=maybe'], '--read-only', 'no value'],
    [['sandbox', '--port', '99999'], '"99999"', '65535'],
    [['sandbox', '--region', 'cn-hangzhou'], '--region', '--port'],
    [['--port', '1'], '--port', 'sandbox'],
    [['--region'], '--region', 'ap-southeast-1'],
  ])('%j ends with 2 and one line that names it and says what is accepted', async (args, named, accepted) => {
    const { code, stdout, stderr } = await feed(args, '');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(named);
    expect(stderr).toContain(accepted);
  });

  it('a bad value in the environment names its variable', async () => {
    const { code, stderr } = await feed([], '', { SSL_VPN_MCP_DEADLINE_MS: '-1' });
    expect(code).toBe(2);
    expect(stderr).toContain('SSL_VPN_MCP_DEADLINE_MS');
  });

  it('sandbox prints what any client needs, and the official SDK can use it', async () => {
    const child = spawnBin(['sandbox']);
    let printed = '';
    child.stdout.setEncoding('utf8');
    while (!printed.includes('vss-sandbox-frankfurt')) printed += (await once(child.stdout, 'data'))[0];
    const value = (name: string): string => new RegExp(`^${name}=(.+)$`, 'm').exec(printed)?.[1] ?? '';
    const keys = {
      accessKeyId: value('ALIBABA_CLOUD_ACCESS_KEY_ID'),
      accessKeySecret: value('ALIBABA_CLOUD_ACCESS_KEY_SECRET'),
    };
    const client = officialClient(value('ALIBABA_CLOUD_VPC_ENDPOINT'), keys, 'eu-central-1');
    const { body } = await client.createSslVpnClientCert(
      new Vpc.CreateSslVpnClientCertRequest({
        regionId: 'eu-central-1',
        sslVpnServerId: 'vss-sandbox-frankfurt',
        name: 'anna',
      }),
    );
    expect(body?.sslVpnClientCertId).toMatch(/^vsc-/);
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
});
