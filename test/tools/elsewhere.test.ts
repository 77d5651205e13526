/** "Not here" is said only of what is nowhere else, over real sockets. */
import { afterEach, describe, expect, it } from 'vitest';
import { errorAnswer, explain } from '../../src/errors/explain.js';
import compare from '../../src/tools/compare-ssl-vpn-client-certs.js';
import remove from '../../src/tools/delete-ssl-vpn-client-cert.js';
import certs from '../../src/tools/list-ssl-vpn-client-certs.js';
import connections from '../../src/tools/list-ssl-vpn-connections.js';
import revoke from '../../src/tools/revoke-ssl-vpn-client-certs.js';
import type { Tool } from '../../src/tools/tool.js';
import type { Result } from '../support/bin.js';
import { clientOf, closeAll, LONG_MS, REGION, SERVER, sandboxWith } from '../support/client.js';
import { contextOf } from '../support/context.js';

afterEach(closeAll);

const accepted = { ask: async () => 'accepted' as const };

async function opened() {
  const sandbox = await sandboxWith();
  const vpc = await clientOf(sandbox.url);
  const call = (tool: Tool, args: Record<string, unknown>): Promise<Result> =>
    tool.invoke(args, contextOf(vpc, LONG_MS, accepted)).catch((error: unknown) => errorAnswer(explain(error)));
  const deletions = () => sandbox.requests.filter(({ action }) => action === 'DeleteSslVpnClientCert').length;
  return { call, deletions };
}

describe('a certificate of another region', () => {
  const alice = 'vsc-sandbox-alice';

  it('is not called gone by the tool that revokes one', async () => {
    const { call, deletions } = await opened();
    const error = await call(remove, { region_id: 'cn-hangzhou', ssl_vpn_client_cert_id: alice });
    expect(error).toMatchObject({ code: 'Client.InvalidArguments', facts: { found_in_region: REGION } });
    expect(error.next_steps.join(' ')).toContain(REGION);
    const nowhere = await call(remove, { region_id: 'cn-hangzhou', ssl_vpn_client_cert_id: 'vsc-nowhere' });
    expect(nowhere.outcome).toBe('gone');
    expect(deletions()).toBe(0);
  });

  it('stands among several in failed, not in gone', async () => {
    const { call, deletions } = await opened();
    const ids = ['vsc-sandbox-quota1', alice, 'vsc-nowhere'];
    const answer = await call(revoke, { region_id: 'cn-hangzhou', ssl_vpn_client_cert_ids: ids });
    expect(answer.revoked).toMatchObject([{ ssl_vpn_client_cert_id: 'vsc-sandbox-quota1' }]);
    expect(answer.gone).toEqual(['vsc-nowhere']);
    expect(answer.failed).toMatchObject([{ ssl_vpn_client_cert_id: alice, message: expect.stringContaining(REGION) }]);
    expect(deletions()).toBe(1);
  });
});

describe.each<[string, Tool, Record<string, unknown>]>([
  ['connections', connections, {}],
  ['certificates', certs, {}],
  ['a comparison', compare, { names: ['anna'] }],
])('%s of a server', (_what, tool, more) => {
  it.each([
    [REGION, 'vss-sandbox-frankfurt', 'eu-central-1'],
    [REGION, 'vss-nowhere', undefined],
  ])('that %s does not have (%s) are an error, not an empty list', async (region_id, ssl_vpn_server_id, other) => {
    const { call } = await opened();
    const error = await call(tool, { region_id, ssl_vpn_server_id, ...more });
    expect(error).toMatchObject({ code: 'Client.InvalidArguments', effect: 'none' });
    expect(error.facts?.found_in_region).toBe(other);
  });

  it('that is there and has none are an empty list', async () => {
    const { call } = await opened();
    const answer = await call(tool, { region_id: 'cn-hangzhou', ssl_vpn_server_id: 'vss-sandbox-flaky', ...more });
    expect(answer).not.toHaveProperty('code');
  });
});

it('a server that no region has, in all of them, is an error too', async () => {
  const { call } = await opened();
  expect(await call(connections, { region_id: 'all', ssl_vpn_server_id: 'vss-nowhere' })).toMatchObject({
    code: 'Client.InvalidArguments',
  });
  expect((await call(connections, { region_id: 'all', ssl_vpn_server_id: SERVER })).connections).toHaveLength(3);
});
