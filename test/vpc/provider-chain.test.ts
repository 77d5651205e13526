/** Where credentials come from when the environment has none; every host of the cloud is a stand-in on loopback. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Key } from '../../src/sandbox/http.js';
import { providerChain } from '../../src/vpc/provider-chain.js';
import { closeSessions, startBin } from '../support/bin.js';
import { clientOf, closeAll, create, LONG_MS, REGION, SERVER, sandboxWith, within } from '../support/client.js';

let home: string;
const servers: Server[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'home-'));
});
afterEach(async () => {
  await closeSessions();
  await closeAll();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(home, { recursive: true, force: true });
});

async function standIn(answer: (path: string, body: string) => unknown): Promise<number> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const given = answer(`${request.method} ${request.url}`, body);
      response.statusCode = given === undefined ? 404 : 200;
      response.end(typeof given === 'string' ? given : JSON.stringify(given ?? {}));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const KEY: Key = {
  accessKeyId: 'STS.Example',
  accessKeySecret: 'a-temporary-secret',
  securityToken: 'a-security-token',
};
const LATER = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
const SESSION = {
  AccessKeyId: KEY.accessKeyId,
  AccessKeySecret: KEY.accessKeySecret,
  SecurityToken: KEY.securityToken,
  Expiration: LATER,
  Code: 'Success',
};
const REDIRECT = fileURLToPath(new URL('../support/redirect.cjs', import.meta.url));

async function issueWith(env: Record<string, string>, args: string[] = []) {
  const sandbox = await sandboxWith({
    keys: [KEY, { accessKeyId: 'LTAI-profile', accessKeySecret: 'a-profile-secret' }],
  });
  const session = await startBin(args, { HOME: home, ALIBABA_CLOUD_VPC_ENDPOINT: sandbox.url, ...env });
  return session.call('create_ssl_vpn_client_cert', { region_id: REGION, ssl_vpn_server_id: SERVER, name: 'joiner' });
}

function writeCliConfig(...names: string[]): void {
  mkdirSync(join(home, '.aliyun'));
  const profiles = names.map((name) => ({
    name,
    mode: 'AK',
    access_key_id: name === 'work' ? 'LTAI-profile' : 'nobody',
    access_key_secret: 'a-profile-secret',
  }));
  writeFileSync(join(home, '.aliyun/config.json'), JSON.stringify({ current: names[0], profiles }));
}

describe('credentials come from', () => {
  it('the current profile of the aliyun CLI', async () => {
    writeCliConfig('work', 'other');
    expect((await issueWith({})).certificate.name).toBe('joiner');
  });

  it('the profile that --profile names', async () => {
    writeCliConfig('other', 'work');
    expect((await issueWith({})).error.code).toBe('InvalidAccessKeyId.NotFound');
    expect((await issueWith({}, ['--profile', 'work'])).certificate.name).toBe('joiner');
    expect((await issueWith({ ALIBABA_CLOUD_PROFILE: 'work' })).certificate.name).toBe('joiner');
  });

  it('the shared credentials file', async () => {
    mkdirSync(join(home, '.alibabacloud'));
    writeFileSync(
      join(home, '.alibabacloud/credentials'),
      '[default]\ntype = access_key\naccess_key_id = LTAI-profile\naccess_key_secret = a-profile-secret\n',
    );
    expect((await issueWith({})).certificate.name).toBe('joiner');
  });

  it('the credentials URI', async () => {
    const port = await standIn(() => SESSION);
    expect((await issueWith({ ALIBABA_CLOUD_CREDENTIALS_URI: `http://127.0.0.1:${port}/` })).certificate.name).toBe(
      'joiner',
    );
  });

  it('an OIDC role', async () => {
    writeFileSync(join(home, 'token'), 'oidc-token');
    const asked: string[] = [];
    const port = await standIn((path, body) => {
      asked.push(`${path} ${body}`);
      return { Credentials: SESSION };
    });
    const result = await issueWith({
      ALIBABA_CLOUD_ROLE_ARN: 'acs:ram::1:role/r',
      ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'acs:ram::1:oidc-provider/p',
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: join(home, 'token'),
      NODE_OPTIONS: `--require=${REDIRECT}`,
      REDIRECT: JSON.stringify({ 'sts.aliyuncs.com': port }),
    });
    expect(result.certificate.name).toBe('joiner');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('OIDCToken=oidc-token');
  });

  it('the role of an ECS instance', async () => {
    const port = await standIn((path) => {
      if (path === 'PUT /latest/api/token') return 'metadata-token';
      if (path.endsWith('/security-credentials/')) return 'my-role';
      return path.endsWith('/security-credentials/my-role') ? SESSION : undefined;
    });
    const result = await issueWith({
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: '',
      NODE_OPTIONS: `--require=${REDIRECT}`,
      REDIRECT: JSON.stringify({ '100.100.100.200': port }),
    });
    expect(result.certificate.name).toBe('joiner');
  });

  it('nowhere: what was tried is named, and of a broken file nothing is shown', async () => {
    mkdirSync(join(home, '.aliyun'));
    writeFileSync(join(home, '.aliyun/config.json'), '{"access_key_secret": "SECRET-IN-A-BROKEN-FILE"');
    const port = await standIn(() => ({ SecurityToken: 'SECRET-IN-A-BROKEN-ANSWER' }));
    const { error } = await issueWith({ ALIBABA_CLOUD_CREDENTIALS_URI: `http://127.0.0.1:${port}/` });
    expect(error.code).toBe('Client.CredentialsMissing');
    for (const place of [
      'environment variables',
      'OIDC role (not set up)',
      'aliyun CLI',
      'credentials file',
      'credentials URI',
      'ECS',
    ])
      expect(error.message).toContain(place);
    expect(JSON.stringify(error)).not.toContain('SECRET-IN');
  });
});

describe('temporary credentials that end', () => {
  it('in the middle of 50 concurrent calls: one refresh, and no call fails', async () => {
    let generation = 0;
    const key = (): Key => ({
      accessKeyId: `STS.${generation}`,
      accessKeySecret: `secret-of-generation-${generation}`,
      securityToken: `token-of-generation-${generation}`,
    });
    const keys: Key[] = [];
    const port = await standIn(() => {
      generation += 1;
      const made = key();
      keys.push(made);
      return {
        AccessKeyId: made.accessKeyId,
        AccessKeySecret: made.accessKeySecret,
        SecurityToken: made.securityToken,
        Expiration: LATER,
      };
    });
    const sandbox = await sandboxWith({ keys, latencyMs: 5 });
    const client = await clientOf(sandbox.url, {
      credentials: providerChain({
        profile: undefined,
        credentialsUri: `http://127.0.0.1:${port}/`,
        credentialsFile: undefined,
      }),
    });
    await client.call(create('first', 'first'), within(LONG_MS));
    expect(generation).toBe(1);
    const calls = Array.from({ length: 50 }, async (_, index) => {
      // The service ends the session while the calls are coming in.
      if (index === 20 && keys[0] !== undefined) keys[0].expiresAt = Date.now();
      await new Promise((resolve) => setTimeout(resolve, index));
      return client.call(create(`joiner-${index}`, `token-${index}`), within(LONG_MS));
    });
    expect(await Promise.all(calls)).toHaveLength(50);
    expect(generation).toBe(2);
    expect(sandbox.cloud.certificates().filter((cert) => cert.Name.startsWith('joiner-'))).toHaveLength(50);
  });

  it('concurrent first calls share one answer', async () => {
    let asked = 0;
    const port = await standIn(() => {
      asked += 1;
      return SESSION;
    });
    const chain = providerChain({
      profile: undefined,
      credentialsUri: `http://127.0.0.1:${port}/`,
      credentialsFile: undefined,
    });
    await Promise.all(Array.from({ length: 20 }, () => chain.get()));
    expect(asked).toBe(1);
    expect(chain.source()).toBe('credentials URI');
  });
});
