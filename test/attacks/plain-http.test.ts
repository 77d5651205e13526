/** Nothing goes over plain http but to this machine, and never through a proxy then. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { feed } from '../support/bin.js';
import { REGION } from '../support/client.js';
import { against, CERT_ID, closeHostile, hostileCloud, SERVER_ID } from '../support/hostile-cloud.js';

const open: (() => void)[] = [];
afterEach(async () => {
  await closeHostile();
  for (const close of open.splice(0)) close();
});

/** A proxy that notes whatever reaches it. */
async function spy(): Promise<{ url: string; reached: string[] }> {
  const reached: string[] = [];
  const server = createServer((request, response) => {
    reached.push(`${request.method} ${request.url}`);
    response.end('{}');
  });
  server.on('connect', (request, socket) => {
    reached.push(`CONNECT ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, reached };
}

describe('a cloud on this machine', () => {
  it.each(['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY'])('is reached past the proxy of %s', async (variable) => {
    const proxy = await spy();
    const cloud = await hostileCloud(() => ({ SslVpnClientCertId: CERT_ID }));
    const session = await against(cloud, ['--region', REGION], { [variable]: proxy.url });
    const answer = await session.call('create_ssl_vpn_client_cert', { ssl_vpn_server_id: SERVER_ID });
    expect(answer.certificate.ssl_vpn_client_cert_id).toBe(CERT_ID);
    expect(proxy.reached).toEqual([]);
  });
});

describe('a setting that would send secrets in clear', () => {
  it.each([
    [['--endpoint', 'http://vpc.aliyuncs.com'], {}],
    [['--endpoint', 'http://127.0.0.1.evil.example'], {}],
    [[], { ALIBABA_CLOUD_VPC_ENDPOINT: 'http://10.0.0.1' }],
    [[], { ALIBABA_CLOUD_CREDENTIALS_URI: 'http://keys.example/role' }],
    [[], { HTTPS_PROXY: '127.0.0.1:3128' }],
    [[], { https_proxy: 'socks5://127.0.0.1:1080' }],
  ])('%j %j ends with a usage error on one line', async (args, env) => {
    const { code, stdout, stderr } = await feed(args, '', env);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain('accepted');
  });
});
