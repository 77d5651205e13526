/** Each error of the API reference, seen from outside through the server that the sandbox has for it. */
import { afterEach, describe, expect, it } from 'vitest';
import { closeSessions, startBin } from '../support/bin.js';

afterEach(closeSessions);

describe('the error servers of the sandbox', () => {
  it.each([
    ['vss-sandbox-subuser', 'Forbbiden.SubUser', 'permission', 403, false],
    ['vss-sandbox-forbidden', 'Forbidden', 'permission', 403, false],
    ['vss-sandbox-quotafull', 'Resource.QuotaFull', 'quota', 400, false],
    ['vss-sandbox-locked', 'VpnGateway.FinancialLocked', 'billing', 400, false],
    ['vss-sandbox-badname', 'InvalidName', 'invalid_input', 400, false],
    ['vss-nowhere', 'InvalidSslVpnServerId.NotFound', 'not_found', 404, false],
  ])('%s answers %s, explained', async (server, code, category, status, retryable) => {
    const session = await startBin(['--sandbox']);
    const { error, sandbox } = await session.call('create_ssl_vpn_client_cert', {
      region_id: 'cn-hangzhou',
      ssl_vpn_server_id: server,
      name: 'joiner',
    });
    expect(sandbox).toBe(true);
    expect(error).toMatchObject({ code, category, http_status: status, retryable, effect: 'none' });
    expect(error.explanation).toMatch(/Nothing was changed\.$/);
    expect(error.next_steps.length).toBeGreaterThan(0);
    expect(error.request_id).toMatch(/^[0-9A-F-]{36}$/);
  });

  it('the configuring one becomes ready after a few tries, within one call', async () => {
    const session = await startBin(['--sandbox']);
    const result = await session.call('create_ssl_vpn_client_cert', {
      region_id: 'cn-hangzhou',
      ssl_vpn_server_id: 'vss-sandbox-configuring',
    });
    expect(result.attempts).toBe(3);
  });

  it.each(['vss-sandbox-flaky', 'vss-sandbox-throttled'])(
    '%s needs a second attempt and makes one certificate',
    async (server) => {
      const session = await startBin(['--sandbox']);
      const result = await session.call('create_ssl_vpn_client_cert', {
        region_id: 'cn-hangzhou',
        ssl_vpn_server_id: server,
        name: 'joiner',
      });
      expect(result.attempts).toBe(2);
    },
  );
});
