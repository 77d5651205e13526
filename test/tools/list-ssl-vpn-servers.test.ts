/** What is wrong with a server's gateway, before a create fails of it. */
import { afterEach, describe, expect, it } from 'vitest';
import servers from '../../src/tools/list-ssl-vpn-servers.js';
import { fixedCredentials } from '../../src/vpc/credentials.js';
import type { Result } from '../support/bin.js';
import { clientOf, closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';
import { contextOf } from '../support/context.js';

afterEach(closeAll);

const KEY = { accessKeyId: 'id', accessKeySecret: 'secret' };

async function problemWith(gateway: Record<string, unknown>, denied: string[] = []): Promise<Result> {
  const sandbox = await sandboxWith({ keys: [{ ...KEY, denied }] });
  sandbox.cloud.seedServer({ SslVpnServerId: SERVER, RegionId: REGION, Name: 'office' }, gateway);
  const vpc = await clientOf(sandbox.url, { credentials: fixedCredentials(KEY, 'test') });
  const answer: Result = await servers.invoke({ region_id: REGION }, contextOf(vpc, 10_000));
  return answer.servers[0];
}

describe('the problem of a server', () => {
  it.each<[Record<string, unknown>, string | undefined]>([
    [{}, undefined],
    [{ BusinessStatus: 'FinancialLocked' }, 'gateway locked for an overdue payment'],
    [{ EndTime: Date.UTC(2024, 0) }, 'gateway expired'],
    [{ SslVpn: 'disable' }, 'SSL-VPN is switched off on the gateway'],
    [{ Status: 'init' }, 'gateway is being configured, a minute or two'],
    [{ Status: 'provisioning' }, 'gateway is being configured, a minute or two'],
    [{ Status: 'updating' }, 'gateway is being configured, a minute or two'],
    [{ Status: 'deleting' }, 'gateway is being deleted'],
  ])('behind a gateway with %j is %s', async (gateway, problem) => {
    expect((await problemWith(gateway)).problem).toBe(problem);
  });

  it('is left out where the gateways may not be seen', async () => {
    const server = await problemWith({ BusinessStatus: 'FinancialLocked' }, ['DescribeVpnGateways']);
    expect(server).toMatchObject({ ssl_vpn_server_id: SERVER, name: 'office' });
    expect(server).not.toHaveProperty('problem');
  });
});
