/** A real OpenVPN takes the saved file: Debian's openvpn as server and client on loopback, without a device or a privilege. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority, type Pem } from '../../src/sandbox/authority.js';
import type { Sandbox } from '../../src/sandbox/http.js';
import { closeSessions, type Session, startBin } from '../support/bin.js';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';
import { openvpnInstalled } from '../support/openvpn.js';

const DAY = 86_400_000;
let folder: string;
let sandbox: Sandbox;
let session: Session;
const children: ChildProcess[] = [];
/** What all of them said. */
let said = '';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openvpn-'));
  said = '';
  sandbox = await sandboxWith();
  session = await startBin(['--output-dir', join(folder, 'saved')], {
    ALIBABA_CLOUD_VPC_ENDPOINT: sandbox.url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: sandbox.credentials.accessKeySecret,
  });
});
afterEach(async () => {
  await Promise.all(
    children.splice(0).map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }),
  );
  await closeSessions();
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

/** Resolves once the output matches, or with what there was of it after so many ms. */
function run(args: string[], until: RegExp, ms: number): Promise<string> {
  const child = spawn('openvpn', args, { cwd: folder });
  children.push(child);
  return new Promise((resolve) => {
    let output = '';
    const done = setTimeout(() => resolve(output), ms);
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      said += chunk.toString();
      if (!until.test(output)) return;
      clearTimeout(done);
      resolve(output);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
}

async function startServer(revocationList: string): Promise<number> {
  const port = await freeUdpPort();
  const pem = await sandbox.cloud.authority.issue(
    SERVER,
    { commonName: 'server', notBefore: Date.now() - DAY, notAfter: Date.now() + DAY },
    'server',
  );
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const output = await run(
    [
      '--tls-server',
      '--dev',
      'null',
      '--local',
      '127.0.0.1',
      '--port',
      String(port),
      '--proto',
      'udp',
      '--dh',
      'none',
      '--keepalive',
      '5',
      '20',
      '--ca',
      write('ca.crt', pem.caCert),
      '--cert',
      write('server.crt', pem.cert),
      '--key',
      write('server.key', pem.key),
      '--crl-verify',
      write('revoked.pem', revocationList),
    ],
    /link local \(bound\)/,
    10_000,
  );
  expect(output).toMatch(/link local \(bound\)/);
  return port;
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/**
 * Two lines of the saved file are changed: the address, since the sandbox's are of a range kept for documentation, and
 * "client", which asks for an address in the tunnel too: only a server with a device can give one.
 */
function connect(saved: string, port: number, ms: number): Promise<string> {
  const config = join(folder, 'client.ovpn');
  writeFileSync(config, saved.replace(/^remote .*$/m, `remote 127.0.0.1 ${port}`).replace(/^client$/m, 'tls-client'));
  return run(
    [
      '--config',
      config,
      '--dev',
      'null',

      '--ifconfig-noexec',
      '--route-noexec',
      '--connect-retry',
      '1',
      '--connect-retry-max',
      '1',
      '--hand-window',
      '4',
    ],
    /Initialization Sequence Completed|TLS Error|process exiting|SIGTERM|fatal/i,
    ms,
  );
}

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
    const port = await startServer(await sandbox.cloud.authority.revocationList(SERVER));
    expect(await connect(file, port, 20_000)).toContain('Initialization Sequence Completed');
  });

  it('does not connect once it is revoked', async () => {
    const { id, file } = await issueAndSave('zhang.wei');
    await session.call('delete_ssl_vpn_client_cert', {
      region_id: REGION,
      ssl_vpn_client_cert_id: id,
      confirm_name: 'zhang.wei',
    });
    const port = await startServer(await sandbox.cloud.authority.revocationList(SERVER));
    expect(await connect(file, port, 12_000)).not.toContain('Initialization Sequence Completed');
    expect(said).toMatch(/VERIFY ERROR.*certificate revoked/);
  });

  it("does not connect with another authority's certificate", async () => {
    const { file } = await issueAndSave('zhang.wei');
    const foreign = await createAuthority(Date.now).issue(
      SERVER,
      { commonName: 'x', notBefore: Date.now() - DAY, notAfter: Date.now() + DAY },
      'client',
    );
    const port = await startServer(await sandbox.cloud.authority.revocationList(SERVER));
    expect(await connect(withKey(file, foreign), port, 12_000)).not.toContain('Initialization Sequence Completed');
    expect(said).toMatch(/VERIFY ERROR.*(unable to get local issuer|signature failure)/);
  });
});

function withKey(file: string, { cert, key }: Pem): string {
  return file
    .replace(/<cert>[\s\S]*<\/cert>/, `<cert>\n${cert}</cert>`)
    .replace(/<key>[\s\S]*<\/key>/, `<key>\n${key}</key>`);
}
