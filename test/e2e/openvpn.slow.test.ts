/** A real OpenVPN takes the saved file: Debian's openvpn as server and client on loopback, without a device or a privilege. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority, type Pem } from '../../src/sandbox/authority.js';
import type { Sandbox } from '../../src/sandbox/http.js';
import { closeSessions, type Session, startBin } from '../support/bin.js';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';
import { type OpenVpn, openVpnIn, openvpnInstalled } from '../support/openvpn.js';

const DAY = 86_400_000;
let folder: string;
let sandbox: Sandbox;
let session: Session;
let openvpn: OpenVpn;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openvpn-'));
  openvpn = openVpnIn(folder);
  sandbox = await sandboxWith();
  session = await startBin(['--output-dir', join(folder, 'saved')], {
    ALIBABA_CLOUD_VPC_ENDPOINT: sandbox.url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: sandbox.credentials.accessKeySecret,
  });
});
afterEach(async () => {
  await openvpn.stop();
  await closeSessions();
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

async function issueAndSave(name: string): Promise<{ id: string; file: string }> {
  const { certificate } = await session.call('create_ssl_vpn_client_cert', {
    region_id: REGION,
    ssl_vpn_server_id: SERVER,
    name,
  });
  const id = certificate.ssl_vpn_client_cert_id;
  const { files } = await session.call('save_ssl_vpn_client_config', { region_id: REGION, ssl_vpn_client_cert_id: id });
  return { id, file: readFileSync(files[0].path, 'utf8') };
}

describe.skipIf(!openvpnInstalled)('the saved file in a real OpenVPN', () => {
  it('connects', async () => {
    const { file } = await issueAndSave('zhang.wei');
    const port = await openvpn.startServer(sandbox.cloud.authority);
    expect(await openvpn.connect(file, port)).toContain('Initialization Sequence Completed');
  });

  it('does not connect once it is revoked', async () => {
    const { id, file } = await issueAndSave('zhang.wei');
    await session.call('delete_ssl_vpn_client_cert', {
      region_id: REGION,
      ssl_vpn_client_cert_id: id,
      confirm_name: 'zhang.wei',
    });
    const port = await openvpn.startServer(sandbox.cloud.authority);
    expect(await openvpn.connect(file, port)).not.toContain('Initialization Sequence Completed');
    expect(openvpn.said()).toMatch(/VERIFY ERROR.*certificate revoked/);
  });

  it("does not connect with another authority's certificate", async () => {
    const { file } = await issueAndSave('zhang.wei');
    const foreign = await createAuthority(Date.now).issue(
      SERVER,
      { commonName: 'x', notBefore: Date.now() - DAY, notAfter: Date.now() + DAY },
      'client',
    );
    const port = await openvpn.startServer(sandbox.cloud.authority);
    expect(await openvpn.connect(withKey(file, foreign), port)).not.toContain('Initialization Sequence Completed');
    expect(openvpn.said()).toMatch(/VERIFY ERROR.*(unable to get local issuer|signature failure)/);
  });
});

function withKey(file: string, { cert, key }: Pem): string {
  return file
    .replace(/<cert>[\s\S]*<\/cert>/, `<cert>\n${cert}</cert>`)
    .replace(/<key>[\s\S]*<\/key>/, `<key>\n${key}</key>`);
}
