/** What this process revoked is shown as revoked, for as long as the service still lists it. */
import { afterEach, describe, expect, it } from 'vitest';
import { statusOf as shownStatus } from '../../src/tools/results.js';
import { clientCerts, deleteSslVpnClientCert, describeSslVpnClientCert } from '../../src/vpc/actions.js';
import { notRevoked, rememberingDeletions } from '../../src/vpc/deletions.js';
import { clientOf, closeAll, LONG_MS, REGION, sandboxWith, within } from '../support/client.js';

afterEach(closeAll);

const ID = 'vsc-sandbox-alice';
const deletion = deleteSslVpnClientCert(REGION, { SslVpnClientCertId: ID, ClientToken: 'token' });

async function world(fault?: 'unavailable') {
  let time = 0;
  // Far longer than any gateway takes: what is listed then was not deleted after all.
  const sandbox = await sandboxWith({
    changeMs: 3_600_000,
    fault: ({ action }) => (action === 'DeleteSslVpnClientCert' ? fault : undefined),
  });
  const vpc = rememberingDeletions(await clientOf(sandbox.url), () => time);
  const statusOf = async (id: string) => {
    const { value } = await vpc.call(describeSslVpnClientCert(REGION, id), within(LONG_MS));
    const listed = (await vpc.list(clientCerts(REGION, {}), within(LONG_MS))).find(
      (cert) => cert.SslVpnClientCertId === id,
    );
    expect(listed?.revokedHere).toBe(value.revokedHere);
    return shownStatus(value, Date.now());
  };
  const pass = (ms: number): void => {
    time += ms;
  };
  return { vpc, sandbox, statusOf, pass };
}

describe('a certificate', () => {
  it('is shown as revoked from the moment its deletion is accepted, in lists and by itself, and no other is', async () => {
    const { vpc, statusOf } = await world();
    expect(await statusOf(ID)).toBe('normal');
    await vpc.call(deletion, within(LONG_MS));
    expect(await statusOf(ID)).toBe('revoked');
    expect(await statusOf('vsc-sandbox-bob')).toBe('expiring-soon');
  });

  it('is not taken for one with the same id in another region', async () => {
    const { vpc, sandbox } = await world();
    const [cert] = sandbox.cloud.certificates().filter(({ SslVpnClientCertId }) => SslVpnClientCertId === ID);
    if (cert === undefined) throw new Error('no certificate');
    await vpc.call(deletion, within(LONG_MS));
    sandbox.cloud.seed({ ...cert, RegionId: 'eu-central-1' });
    const listed = await vpc.list(clientCerts('eu-central-1', {}), within(LONG_MS));
    expect(notRevoked(listed).map(({ SslVpnClientCertId }) => SslVpnClientCertId)).toContain(ID);
  });

  it('whose deletion failed is not', async () => {
    const { vpc, statusOf } = await world('unavailable');
    await expect(vpc.call(deletion, within(300))).rejects.toThrow();
    expect(await statusOf(ID)).toBe('normal');
  });

  it('that is still there after ten minutes is shown as the service shows it', async () => {
    const { vpc, statusOf, pass } = await world();
    await vpc.call(deletion, within(LONG_MS));
    pass(600_000);
    expect(await statusOf(ID)).toBe('normal');
  });
});
