/** A staff list against a server's certificates, over real sockets. */
import { afterEach, describe, expect, it } from 'vitest';
import compare from '../../src/tools/compare-ssl-vpn-client-certs.js';
import { deleteSslVpnClientCert } from '../../src/vpc/actions.js';
import { rememberingDeletions } from '../../src/vpc/deletions.js';
import type { Result } from '../support/bin.js';
import { clientOf, closeAll, LONG_MS, REGION, SERVER, sandboxWith, within } from '../support/client.js';
import { contextOf } from '../support/context.js';

afterEach(closeAll);

const DAY_MS = 86_400_000;
// biome-ignore lint/suspicious/noExplicitAny: whatever was asked for
const ACCEPTED: any = { value: {}, requestId: '', attempts: 1 };

/** @param certs name and days left. @param revoked ids of those that this process has just revoked */
async function compared(certs: [string, number][], names: string[], revoked: string[] = []): Promise<Result> {
  const sandbox = await sandboxWith();
  for (const { SslVpnClientCertId } of sandbox.cloud.certificates()) sandbox.cloud.remove(SslVpnClientCertId);
  certs.forEach(([Name, days], index) => {
    const EndTime = Date.now() + (days + 0.5) * DAY_MS;
    const SslVpnClientCertId = `vsc-${index}`;
    sandbox.cloud.seed({ SslVpnClientCertId, Name, RegionId: REGION, SslVpnServerId: SERVER, CreateTime: 0, EndTime });
  });
  // In the cloud's list they stand as before, until the gateway has carried it out.
  const lagging = await clientOf(sandbox.url);
  const vpc = rememberingDeletions({ ...lagging, call: async () => ACCEPTED });
  for (const id of revoked)
    await vpc.call(deleteSslVpnClientCert(REGION, { SslVpnClientCertId: id, ClientToken: 't' }), within(10_000));
  return compare.invoke({ region_id: REGION, ssl_vpn_server_id: SERVER, names }, contextOf(vpc, LONG_MS));
}

const row = (name: string, index: number, status: string, days_left: number) => ({
  name,
  ssl_vpn_client_cert_id: `vsc-${index}`,
  status,
  days_left,
});

describe('a comparison', () => {
  it('says of each person what there is to do, and counts those with nothing', async () => {
    const answer = await compared(
      [
        ['fits', 900],
        ['soon', 20],
        ['late', -3],
        ['twice', 900],
        ['twice', 400],
        ['renewed', 1_000],
        ['renewed', -1],
        ['left', 500],
      ],
      ['fits', 'soon', 'late', 'twice', 'renewed', 'new', 'fits'],
    );
    expect(answer).toEqual({
      missing: ['new'],
      extra: [row('left', 7, 'normal', 500)],
      duplicates: [{ name: 'twice', ssl_vpn_client_cert_ids: ['vsc-3', 'vsc-4'] }],
      expiring: [row('soon', 1, 'normal', 20)],
      expired: [row('late', 2, 'expired', -3)],
      matching_count: 2,
    });
  });

  it('of 300 who fit is short', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `person-${index}`);
    const answer = await compared(
      names.map((name) => [name, 900]),
      names,
    );
    expect(answer).toMatchObject({ matching_count: 300, missing: [], extra: [] });
    expect(JSON.stringify(answer).length).toBeLessThan(120);
  });

  it('takes names as they are, and shows which differ in case only', async () => {
    const answer = await compared([['Zhang.Wei', 900]], ['zhang.wei']);
    expect(answer).toMatchObject({
      missing: ['zhang.wei'],
      extra: [{ name: 'Zhang.Wei' }],
      similar: [{ name: 'zhang.wei', certificate_name: 'Zhang.Wei' }],
    });
  });

  it('shows which differ in the form of their letters only, compatibility forms too', async () => {
    const answer = await compared([['\uFF5Ahang', 900]], ['zhang']);
    expect(answer.similar).toEqual([{ name: 'zhang', certificate_name: '\uFF5Ahang' }]);
  });

  it('goes by the certificate that lasts longest', async () => {
    const certs: [string, number][] = [
      ['twice', 10],
      ['twice', 900],
    ];
    expect(await compared(certs, ['twice'])).toMatchObject({ expiring: [], matching_count: 0 });
  });

  it('takes what was just revoked for gone, though the list shows it still', async () => {
    const certs: [string, number][] = [
      ['left', 900],
      ['back', 900],
      ['stays', 900],
    ];
    const answer = await compared(certs, ['back', 'stays'], ['vsc-0', 'vsc-1']);
    expect(answer).toMatchObject({ missing: ['back'], extra: [], expired: [], matching_count: 1 });
  });
});
