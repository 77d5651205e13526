/** A cloud that answers whatever a test wants, over a real socket, to the built bin over real stdio. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAuthority } from '../../src/sandbox/authority.js';
import { closeSessions, type Session, startBin } from './bin.js';
import { REGION } from './client.js';

export const KEYS = {
  accessKeyId: 'LTAI5tExampleExampleExample',
  accessKeySecret: 'Zx/9+secret=of.thirty&characters<0>',
  securityToken: 'CAISxwJ1q6Ft5B2y"token"+with/marks==&<more>%25',
};

export const ENVIRONMENT = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: KEYS.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: KEYS.accessKeySecret,
  ALIBABA_CLOUD_SECURITY_TOKEN: KEYS.securityToken,
};

export type Asked = { action: string; parameters: Record<string, string>; count: number };
/** Answers with a value (as JSON), a text (as it is), a status and a body, or nothing at all. */
export type Reply =
  | object
  | string
  | { status: number; body: string; headers?: Record<string, string> }
  | 'hang'
  | ((request: IncomingMessage, response: ServerResponse) => void);

const open: (() => Promise<void>)[] = [];

/** For afterEach. */
export async function closeHostile(): Promise<void> {
  await closeSessions();
  await Promise.all(open.splice(0).map((close) => close()));
}

export type HostileCloud = { url: string; asked: Asked[] };

export async function hostileCloud(reply: (asked: Asked) => Reply): Promise<HostileCloud> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const action = String(request.headers['x-acs-action'] ?? '');
    const parameters = Object.fromEntries(new URL(request.url ?? '/', 'http://cloud').searchParams);
    const one = { action, parameters, count: asked.filter((earlier) => earlier.action === action).length };
    asked.push(one);
    const answer = reply(one);
    if (answer === 'hang') return;
    if (typeof answer === 'function') return answer(request, response);
    if (typeof answer === 'string') return void response.end(answer);
    if ('status' in answer && 'body' in answer) {
      const headers: unknown = 'headers' in answer ? answer.headers : {};
      return void response.writeHead(Number(answer.status), headers as Record<string, string>).end(answer.body);
    }
    response.end(JSON.stringify({ RequestId: 'request-1', ...answer }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** The server against that cloud; its client can be asked questions where `answer` is given. */
export async function against(
  cloud: HostileCloud,
  args: readonly string[] = [],
  env: Record<string, string> = {},
  options: Parameters<typeof startBin>[2] = {},
): Promise<Session> {
  return startBin(args, { ...ENVIRONMENT, ALIBABA_CLOUD_VPC_ENDPOINT: cloud.url, ...env }, options);
}

const DAY_MS = 86_400_000;
const authority = createAuthority(Date.now);

export const CERT_ID = 'vsc-hostile1';
export const SERVER_ID = 'vss-hostile1';

/** A certificate as the service describes it, with real keys. */
export async function certificate(part: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const subject = { commonName: CERT_ID, notBefore: Date.now() - DAY_MS, notAfter: Date.now() + 100 * DAY_MS };
  const pem = await authority.issue(SERVER_ID, subject, 'client');
  return {
    SslVpnClientCertId: CERT_ID,
    Name: 'anna',
    RegionId: REGION,
    SslVpnServerId: SERVER_ID,
    Status: 'normal',
    CreateTime: Date.now() - DAY_MS,
    EndTime: Date.now() + 100 * DAY_MS,
    CaCert: pem.caCert,
    ClientCert: pem.cert,
    ClientKey: pem.key,
    ClientConfig: 'client\ndev tun\nproto udp\nremote 203.0.113.1 1194\nremote-cert-tls server\ncipher AES-128-CBC\n',
    ...part,
  };
}

/** A page of DescribeSslVpnClientCerts. */
export function pageOf(...members: object[]): object {
  return {
    PageNumber: 1,
    PageSize: 50,
    TotalCount: members.length,
    SslVpnClientCertKeys: { SslVpnClientCertKey: members },
  };
}
