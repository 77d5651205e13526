/** Who is connected, over real sockets. */
import { afterEach, describe, expect, it } from 'vitest';
import { CallFailure } from '../../src/errors/errors.js';
import { guarded } from '../../src/policy.js';
import type { SandboxOptions } from '../../src/sandbox/http.js';
import connections from '../../src/tools/list-ssl-vpn-connections.js';
import type { ToolContext } from '../../src/tools/tool.js';
import { fixedCredentials } from '../../src/vpc/credentials.js';
import type { Result } from '../support/bin.js';
import { clientOf, closeAll, ONE_ATTEMPT, REGION, SERVER, sandboxWith } from '../support/client.js';
import { contextOf } from '../support/context.js';

afterEach(closeAll);

const KEY = { accessKeyId: 'id', accessKeySecret: 'secret' };

async function opened(options: SandboxOptions = {}, part: (context: ToolContext) => Partial<ToolContext> = () => ({})) {
  const sandbox = await sandboxWith({ keys: [KEY], ...options });
  const vpc = await clientOf(sandbox.url, { ...ONE_ATTEMPT, credentials: fixedCredentials(KEY, 'test') });
  const call = async (args: Record<string, unknown>): Promise<Result> => {
    const context = contextOf(vpc, 20_000);
    return connections.invoke(args, { ...context, ...part(context) });
  };
  return { sandbox, call };
}

const client = (SslVpnServerId: string, CommonName: string, PrivateIp: string) => ({
  SslVpnServerId,
  CommonName,
  Ip: '192.0.2.200',
  Port: '40000',
  PrivateIp,
  ConnectedTime: Date.UTC(2026, 10, 25, 8),
  SendBytes: 1,
  ReceiveBytes: 2,
});

describe('connections', () => {
  it('carry the name of their certificate, and each device is one', async () => {
    const { call } = await opened();
    const answer = await call({ region_id: REGION });
    expect(answer.connections.map((one: Result) => [one.name, one.ssl_vpn_client_cert_id, one.server_name])).toEqual([
      ['alice', 'vsc-sandbox-alice', 'singapore-office'],
      ['alice', 'vsc-sandbox-alice', 'singapore-office'],
      ['bob', 'vsc-sandbox-bob', 'singapore-office'],
    ]);
    expect(answer.connections[0]).toMatchObject({
      ssl_vpn_server_id: SERVER,
      client_ip: '192.0.2.101',
      private_ip: '192.168.10.6',
      connected_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      bytes_sent: 48_211_904,
      bytes_received: 6_103_552,
    });
    expect(answer).not.toHaveProperty('not_available');
  });

  it('with two-factor authentication carry the name of the user', async () => {
    const { call } = await opened();
    const { connections: found } = await call({ region_id: 'eu-central-1', name: 'GRETA' });
    expect(found).toMatchObject([{ name: 'greta', server_name: 'frankfurt-office' }]);
    expect(found[0]).not.toHaveProperty('ssl_vpn_client_cert_id');
  });

  it('in all regions come together, and a gateway that is too old stands beside them', async () => {
    const { call } = await opened();
    const answer = await call({ region_id: 'all' });
    expect(answer.connections).toHaveLength(6);
    expect(answer.not_available).toEqual([
      {
        vpn_gateway_id: 'vpn-sandbox-hangzhou',
        region_id: 'cn-hangzhou',
        ssl_vpn_server_ids: ['vss-sandbox-hangzhou'],
        reason: expect.stringContaining('does not support this operation'),
      },
    ]);
  });

  it('that may not be seen are an error, not an empty list', async () => {
    const { call } = await opened({ keys: [{ ...KEY, denied: ['DescribeSslVpnClients'] }] });
    await expect(call({ region_id: REGION })).rejects.toBeInstanceOf(CallFailure);
  });

  it('are shown without names where the certificates may not be seen', async () => {
    const { call } = await opened({ keys: [{ ...KEY, denied: ['DescribeSslVpnClientCerts'] }] });
    const { connections: found } = await call({ region_id: REGION });
    expect(found).toHaveLength(3);
    expect(found[0]).toMatchObject({ name: '', ssl_vpn_client_cert_id: 'vsc-sandbox-alice' });
  });
});

describe('two servers behind one gateway', () => {
  const BEHIND = { VpnGatewayId: 'vpn-sandbox-singapore', RegionId: REGION };
  const second = { SslVpnServerId: 'vss-second', Name: 'second', ClientIpPool: '10.9.0.0/16', ...BEHIND };

  it('are told apart by certificate and address; what cannot be told is said', async () => {
    const { sandbox, call } = await opened();
    sandbox.cloud.seedServer(second);
    sandbox.cloud.seedConnection(client('vss-second', 'ulla', '10.9.3.4'));
    sandbox.cloud.seedConnection(client('vss-second', 'stray', '172.16.0.9'));
    const whole = await call({ region_id: REGION });
    expect(whole.connections.map((one: Result) => [one.name, one.ssl_vpn_server_id])).toEqual([
      ['alice', SERVER],
      ['alice', SERVER],
      ['bob', SERVER],
      ['ulla', 'vss-second'],
    ]);
    expect(whole.not_available).toMatchObject([{ ssl_vpn_server_ids: [SERVER, 'vss-second'] }]);
    const { connections: found } = await call({ region_id: REGION, ssl_vpn_server_id: 'vss-second' });
    expect(found.map((one: Result) => one.name)).toEqual(['ulla']);
  });

  it('a policy for one of them shows nothing of the other', async () => {
    const policy = { allowRegions: undefined, allowServers: ['vss-second'] };
    const { sandbox, call } = await opened({}, ({ vpc }) => ({ vpc: guarded(vpc, policy) }));
    sandbox.cloud.seedServer(second);
    sandbox.cloud.seedConnection(client('vss-second', 'ulla', '10.9.3.4'));
    sandbox.cloud.seedConnection(client('vss-second', 'stray', '172.16.0.9'));
    const answer = await call({ region_id: REGION });
    expect(answer.connections.map((one: Result) => one.name)).toEqual(['ulla']);
    expect(JSON.stringify(answer)).not.toMatch(/alice|bob|stray/);
  });
});
