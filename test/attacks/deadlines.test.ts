/** Every call ends by its deadline, whatever hangs: what hung is still hanging when the answer is there. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it } from 'vitest';
import { startBin } from '../support/bin.js';
import { REGION } from '../support/client.js';
import {
  against,
  CERT_ID,
  certificate,
  closeHostile,
  ENVIRONMENT,
  hostileCloud,
  pageOf,
  SERVER_ID,
} from '../support/hostile-cloud.js';

const open: (() => void)[] = [];
afterEach(async () => {
  await closeHostile();
  for (const close of open.splice(0)) close();
});

const CREATE = 'create_ssl_vpn_client_cert';
const create = { region_id: REGION, ssl_vpn_server_id: SERVER_ID };

/** Accepts connections and never says a word. */
async function silent(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    open.push(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('credentials that never come', () => {
  it.each([
    [CREATE, create],
    ['preview_api_call', { tool: CREATE, arguments: create }],
  ])('end %s by its deadline', async (tool, args) => {
    const port = await silent();
    const session = await startBin(['--deadline', '600'], {
      ALIBABA_CLOUD_CREDENTIALS_URI: `http://127.0.0.1:${port}/keys`,
    });
    const answer = await session.call(tool, args);
    expect(answer.error?.code ?? answer.sent).toSatisfy((said) => said === 'Client.Timeout' || said === false);
  });
});

describe('a cloud', () => {
  it('that never answers ends in a time-out that says what is open', async () => {
    let hangs = false;
    const cloud = await hostileCloud(() => (hangs ? 'hang' : { SslVpnClientCertId: CERT_ID }));
    const session = await against(cloud, ['--deadline', '3000']);
    // Once all is loaded and connected, what is sent has left long before the deadline.
    while ((await session.call(CREATE, create)).error !== undefined);
    hangs = true;
    expect((await session.call(CREATE, create)).error).toMatchObject({ code: 'Client.Timeout', effect: 'unknown' });
  });

  it('whose list has no end', async () => {
    let count = 0;
    const cloud = await hostileCloud(() => ({
      TotalCount: 1e12,
      SslVpnClientCertKeys: {
        SslVpnClientCertKey: Array.from({ length: 50 }, () => ({
          SslVpnClientCertId: `vsc-${count++}`,
          SslVpnServerId: SERVER_ID,
          CreateTime: 1,
          EndTime: 2,
        })),
      },
    }));
    const session = await against(cloud, ['--deadline', '900']);
    const { error } = await session.call('list_ssl_vpn_client_certs', { region_id: REGION });
    expect(error.code).toMatch(/^Client\.(Timeout|MalformedResponse)$/);
  });

  it('whose date is of the year 275760 does not spoil later calls', async () => {
    const wrongClock = {
      status: 400,
      body: JSON.stringify({ RequestId: 'R', Code: 'InvalidTimeStamp.Expired', Message: 'm' }),
      headers: { date: 'Sat, 13 Sep 275760 00:00:00 GMT' },
    };
    const cloud = await hostileCloud(({ count }) => (count === 0 ? wrongClock : { SslVpnClientCertId: CERT_ID }));
    const session = await against(cloud);
    expect((await session.call(CREATE, create)).error.code).toBe('InvalidTimeStamp.Expired');
    expect((await session.call(CREATE, create)).certificate.ssl_vpn_client_cert_id).toBe(CERT_ID);
  });
});

describe('stdin that closes', () => {
  it('while a person is asked ends the process', async () => {
    const cert = await certificate();
    const cloud = await hostileCloud(() => pageOf(cert));
    const session = await against(
      cloud,
      [],
      {},
      {
        capabilities: { elicitation: { form: {} } },
        prepare: (client) => client.setRequestHandler(ElicitRequestSchema, () => new Promise(() => {})),
      },
    );
    const answer = session.call('delete_ssl_vpn_client_cert', { region_id: REGION, ssl_vpn_client_cert_id: CERT_ID });
    answer.catch(() => {});
    while (!session.stdout().includes('elicitation/create')) await once(session.child.stdout, 'data');
    session.child.stdin.end();
    const [code] = await once(session.child, 'exit');
    expect(code).toBe(0);
    expect(cloud.asked.map(({ action }) => action)).not.toContain('DeleteSslVpnClientCert');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('or %s, while the cloud hangs, ends it too', async (signal) => {
    const cloud = await hostileCloud(() => 'hang');
    const session = await against(cloud);
    session.call(CREATE, create).catch(() => {});
    while (cloud.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    session.child.kill(signal);
    const [code] = await once(session.child, 'exit');
    expect(code).toBe(0);
  });
});

describe('a connection', () => {
  it('to a proxy that hangs is given up', async () => {
    const port = await silent();
    const session = await startBin(['--deadline', '2000', '--endpoint', 'https://vpc.invalid'], {
      ...ENVIRONMENT,
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
    });
    expect((await session.call(CREATE, create)).error).toMatchObject({ category: 'network', effect: 'none' });
  });
});
