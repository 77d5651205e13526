/** Who is connected, over real sockets. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CallFailure } from '../../src/errors/errors.js';
import { guarded } from '../../src/policy.js';
import type { Fault, SandboxRequest } from '../../src/sandbox/faults.js';
import type { SandboxOptions } from '../../src/sandbox/http.js';
import connections from '../../src/tools/list-ssl-vpn-connections.js';
import type { ToolContext } from '../../src/tools/tool.js';
import { fixedCredentials } from '../../src/vpc/credentials.js';
import type { Result } from '../support/bin.js';
import { clientOf, closeAll, LONG_MS, ONE_ATTEMPT, REGION, SERVER, sandboxWith } from '../support/client.js';
import { contextOf } from '../support/context.js';

afterEach(() => {
  vi.useRealTimers();
  return closeAll();
});

const KEY = { accessKeyId: 'id', accessKeySecret: 'secret' };

async function opened(
  options: SandboxOptions = {},
  part: (context: ToolContext) => Partial<ToolContext> = () => ({}),
  attempts: { timeoutMs?: number } = {},
) {
  const sandbox = await sandboxWith({ keys: [KEY], ...options });
  const vpc = await clientOf(sandbox.url, { ...ONE_ATTEMPT, ...attempts, credentials: fixedCredentials(KEY, 'test') });
  const call = async (args: Record<string, unknown>): Promise<Result> => {
    const context = contextOf(vpc, LONG_MS);
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

const refusal = (Code: string, status = 403) => ({
  status,
  body: JSON.stringify({ RequestId: 'R', Code, Message: 'no' }),
});
const whoIsThrough = (gateway: string, fault: Fault) => (asked: SandboxRequest) =>
  asked.action === 'DescribeSslVpnClients' && (gateway === 'any' || asked.parameters.VpnGatewayId === gateway)
    ? fault
    : undefined;

describe('a person who is looked for', () => {
  it.each(['denied', 'slow'])('is not said to be gone where the certificates are %s', async (what) => {
    const fault = ({ action }: SandboxRequest) =>
      action !== 'DescribeSslVpnClientCerts' ? undefined : what === 'slow' ? 'hang-before' : refusal('Forbidden.RAM');
    const { call } = await opened({ fault });
    await expect(call({ region_id: REGION, name: 'alice' })).rejects.toBeInstanceOf(CallFailure);
  });
});

describe('a gateway among others', () => {
  const other = { SslVpnServerId: 'vss-other', Name: 'other', RegionId: REGION, VpnGatewayId: 'vpn-other' };

  it.each<[string, Fault]>([
    ['hangs', 'hang-before'],
    ['fails', 'unavailable'],
    ['refuses', refusal('Forbidden.RAM')],
  ])('that %s takes none of them along', async (_what, fault) => {
    const { sandbox, call } = await opened({ fault: whoIsThrough('vpn-other', fault) });
    sandbox.cloud.seedServer(other);
    const answer = await call({ region_id: REGION });
    expect(answer.connections).toHaveLength(3);
    expect(answer.not_available).toMatchObject([
      { vpn_gateway_id: 'vpn-other', ssl_vpn_server_ids: ['vss-other'], reason: expect.stringMatching(/^[\w.]+: ./) },
    ]);
  });

  it('has its turn, though those before it hang', async () => {
    let hanging = 0;
    const hangs = ({ action, parameters }: SandboxRequest): Fault | undefined => {
      if (action !== 'DescribeSslVpnClients' || parameters.VpnGatewayId === 'vpn-last') return undefined;
      hanging += 1;
      return 'hang-before';
    };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { sandbox, call } = await opened({ fault: hangs }, () => ({}), { timeoutMs: LONG_MS });
    // Eight with the one that is there, as many as are asked at once.
    for (let index = 0; index < 7; index += 1)
      sandbox.cloud.seedServer({ ...other, SslVpnServerId: `vss-${index}`, VpnGatewayId: `vpn-${index}` });
    sandbox.cloud.seedServer({ ...other, SslVpnServerId: 'vss-last', VpnGatewayId: 'vpn-last' });
    sandbox.cloud.seedConnection(client('vss-last', 'ulla', '10.9.3.4'));
    const answering = call({ region_id: REGION });
    while (hanging < 8) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(LONG_MS / 2);
    const answer = await answering;
    expect(answer.connections).toMatchObject([{ name: 'ulla', ssl_vpn_server_id: 'vss-last' }]);
    expect(answer.not_available).toHaveLength(8);
  });

  it('that all refuse for the same reason is an error, not an empty list', async () => {
    const { sandbox, call } = await opened({ fault: whoIsThrough('any', refusal('Forbidden.RAM')) });
    sandbox.cloud.seedServer(other);
    await expect(call({ region_id: REGION })).rejects.toMatchObject({ cause: { code: 'Forbidden.RAM' } });
  });

  it.each([
    'InvalidVpnGatewayInstanceId.NotFound',
    'VpnGateway.SslVpnDisabled',
    'UnsupportedOperation',
    'InvalidParameter',
  ])('that answers %s stands in not_available, and so do all where all answer so', async (code) => {
    const { call } = await opened({ fault: whoIsThrough('any', refusal(code, 400)) });
    const answer = await call({ region_id: REGION });
    expect(answer).toMatchObject({ connections: [], not_available: [{ reason: expect.stringContaining(code) }] });
  });

  it('whose id is none is not asked', async () => {
    const { sandbox, call } = await opened();
    sandbox.cloud.seedServer({ ...other, VpnGatewayId: '../../x?y=z' });
    const answer = await call({ region_id: REGION });
    expect(answer.connections).toHaveLength(3);
    expect(answer.not_available).toMatchObject([{ vpn_gateway_id: '', ssl_vpn_server_ids: ['vss-other'] }]);
    const asked = sandbox.requests.filter(({ action }) => action === 'DescribeSslVpnClients');
    expect(asked.map(({ parameters }) => parameters.VpnGatewayId)).toEqual(['vpn-sandbox-singapore']);
  });
});

describe('a connection', () => {
  it('shows hostile texts visible and bounded', async () => {
    const { sandbox, call } = await opened();
    const Ip = `192.0.2.9\u202e${'x'.repeat(9_000)}`;
    sandbox.cloud.seedConnection({ ...client(SERVER, 'ulla', '192.168.10.9'), Ip });
    const { connections: found } = await call({ region_id: REGION, name: 'ulla' });
    expect(found[0].client_ip).toMatch(/^192\.0\.2\.9\\u\{202e\}x+…$/);
    expect(found[0].client_ip.length).toBeLessThanOrEqual(257);
  });

  it('whose pool is none is told by the only server that there is', async () => {
    const { sandbox, call } = await opened();
    const seeded = { SslVpnServerId: SERVER, Name: 'office', RegionId: REGION, VpnGatewayId: 'vpn-sandbox-singapore' };
    sandbox.cloud.seedServer({ ...seeded, ClientIpPool: '10.8.0.0/40' });
    sandbox.cloud.seedConnection(client(SERVER, 'ulla', '10.8.0.2'));
    expect((await call({ region_id: REGION, name: 'ulla' })).connections).toMatchObject([{ server_name: 'office' }]);
  });

  it('of a user whose name has the form of an id is no certificate', async () => {
    const { sandbox, call } = await opened();
    sandbox.cloud.seedConnection(client(SERVER, 'vsc-sandbox-bob', '192.168.10.9'));
    const { connections: found } = await call({ region_id: REGION, name: 'vsc-sandbox-bob' });
    expect(found).toHaveLength(1);
    expect(found[0]).not.toHaveProperty('ssl_vpn_client_cert_id');
  });

  it('by a certificate that the list does not have is of no server, whatever its address', async () => {
    const { sandbox, call } = await opened();
    sandbox.cloud.seedConnection(client(SERVER, 'CN=vsc-gone', '192.168.10.9'));
    const answer = await call({ region_id: REGION });
    expect(JSON.stringify(answer.connections)).not.toContain('vsc-gone');
    expect(answer.not_available).toMatchObject([{ reason: 'The servers of some connections are not known.' }]);
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

  it('a policy for one of them shows no certificate of the other, though its address is in the pool', async () => {
    const policy = { allowRegions: undefined, allowServers: ['vss-second'] };
    const { sandbox, call } = await opened({}, ({ vpc }) => ({ vpc: guarded(vpc, policy) }));
    sandbox.cloud.seedServer({ ...second, ClientIpPool: '192.168.0.0/16' });
    const answer = await call({ region_id: REGION });
    expect(answer.connections).toEqual([]);
    expect(JSON.stringify(answer)).not.toMatch(/alice|bob/);
  });
});

describe('a user with two-factor authentication', () => {
  const policy = { allowRegions: undefined, allowServers: [SERVER] };

  it('is shown under a policy for the server where the address says so, and else is said to be missing', async () => {
    const { sandbox, call } = await opened({}, ({ vpc }) => ({ vpc: guarded(vpc, policy) }));
    sandbox.cloud.seedConnection(client(SERVER, 'ulla', '192.168.10.9'));
    expect((await call({ region_id: REGION, name: 'ulla' })).connections).toHaveLength(1);
    expect(await call({ region_id: REGION })).not.toHaveProperty('not_available');
    sandbox.cloud.seedConnection(client(SERVER, 'stray', '172.16.0.9'));
    const answer = await call({ region_id: REGION });
    expect(JSON.stringify(answer.connections)).not.toContain('stray');
    expect(answer.not_available).toMatchObject([{ ssl_vpn_server_ids: [SERVER] }]);
  });

  it('is hidden from whoever may see some names only, also from one who is called so', async () => {
    const names = { allows: (name: string) => name === 'ulla', shown: ['ulla'] };
    const grants = [{ regions: undefined, servers: undefined, names }];
    const { sandbox, call } = await opened({}, ({ vpc }) => ({
      vpc: guarded(vpc, { allowRegions: undefined, allowServers: undefined, grants }),
    }));
    sandbox.cloud.seedConnection(client(SERVER, 'ulla', '192.168.10.9'));
    sandbox.cloud.seedConnection(client(SERVER, 'greta', '192.168.10.10'));
    const answer = await call({ region_id: REGION });
    expect(answer.connections).toEqual([]);
    expect(JSON.stringify(answer)).not.toMatch(/alice|bob|greta|ulla/);
  });
});
