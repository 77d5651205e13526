/**
 * What people ask for, each by the shortest way that an agent has, over stdio against the sandbox. How many calls and
 * characters that takes is part of the promise: a change that makes an agent call once more fails here.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it } from 'vitest';
import { TOOLS } from '../../src/tools/index.js';
import { closeSessions, type Result, type Session, startBin } from '../support/bin.js';

const MAX_CALLS = 32;
const MAX_CHARACTERS = 30_000;

const SINGAPORE = { region_id: 'ap-southeast-1', ssl_vpn_server_id: 'vss-sandbox-singapore' };
const people = (count: number, what: string): string[] =>
  Array.from({ length: count }, (_, index) => `${what}-${String(index).padStart(2, '0')}`);

type Call = (tool: string, args: Record<string, unknown>) => Promise<Result>;

const folders: string[] = [];
afterEach(async () => {
  await closeSessions();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function opened(): Promise<{ session: Session; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'errands-'));
  folders.push(folder);
  const session = await startBin(
    ['--sandbox', '--output-dir', folder],
    {},
    {
      capabilities: { elicitation: { form: {} } },
      prepare: (client) =>
        client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { confirm: true } })),
    },
  );
  return { session, folder };
}

type Errand = {
  /** In the words of whoever asks. */
  asked: string;
  /** What has to be there before. */
  before?: (call: Call) => Promise<unknown>;
  /** The shortest way; ends by checking that what was asked for is known or done. */
  walk: (call: Call, files: () => string[]) => Promise<void>;
  calls: number;
  characters: number;
};

const ERRANDS: Errand[] = [
  {
    asked: 'Get our new colleague Zhang Wei onto the Singapore VPN.',
    calls: 2,
    characters: 1_400,
    async walk(call, files) {
      const { servers } = await call('list_ssl_vpn_servers', { region_id: 'all', name: 'singapore' });
      const [{ region_id, ssl_vpn_server_id }] = servers;
      const issued = await call('create_ssl_vpn_client_cert', {
        region_id,
        ssl_vpn_server_id,
        name: 'zhang.wei',
        save_config: true,
      });
      expect(files()).toEqual([`zhang.wei-${issued.certificate.ssl_vpn_client_cert_id}.ovpn`]);
    },
  },
  {
    asked: 'Issue certificates for these forty joiners in Singapore, with their files.',
    calls: 2,
    characters: 6_500,
    async walk(call, files) {
      const { servers } = await call('list_ssl_vpn_servers', { region_id: 'all', name: 'singapore' });
      const [{ region_id, ssl_vpn_server_id }] = servers;
      const names = people(40, 'joiner');
      const answer = await call('issue_ssl_vpn_client_certs', {
        region_id,
        ssl_vpn_server_id,
        names,
        save_configs: 'new',
      });
      expect(answer.complete).toBe(true);
      expect(files()).toHaveLength(40);
    },
  },
  {
    asked: 'Which certificates, anywhere, run out in 30 days?',
    calls: 1,
    characters: 1_200,
    async walk(call) {
      const { certificates } = await call('list_ssl_vpn_client_certs', { region_id: 'all', expires_within_days: 30 });
      expect(certificates.map((row: Result) => [row.name, row.server_name, row.status])).toEqual([
        ['dave', 'error-quota-full', 'expired'],
        ['carol', 'singapore-office', 'expired'],
        ['bob', 'singapore-office', 'expiring-soon'],
      ]);
    },
  },
  {
    asked: 'Bob has left.',
    calls: 2,
    characters: 1_500,
    async walk(call) {
      const { certificates } = await call('list_ssl_vpn_client_certs', { region_id: 'all', name: 'bob' });
      const [{ region_id, ssl_vpn_client_cert_id }] = certificates;
      const { outcome } = await call('delete_ssl_vpn_client_cert', { region_id, ssl_vpn_client_cert_id });
      expect(outcome).toBe('revoked');
    },
  },
  {
    asked: 'Replace his certificate before it runs out.',
    calls: 2,
    characters: 1_300,
    async walk(call, files) {
      const { certificates } = await call('list_ssl_vpn_client_certs', { region_id: 'all', name: 'bob' });
      const [{ region_id, ssl_vpn_server_id, name, ssl_vpn_client_cert_id }] = certificates;
      const { renewed } = await call('issue_ssl_vpn_client_certs', {
        region_id,
        ssl_vpn_server_id,
        names: [name],
        renew_within_days: 30,
        save_configs: 'new',
      });
      expect(renewed).toMatchObject([{ name: 'bob', replaces: [ssl_vpn_client_cert_id] }]);
      expect(files()).toHaveLength(1);
    },
  },
  {
    asked: 'Take these thirty people off.',
    calls: 2,
    characters: 14_000,
    before: (call) => call('issue_ssl_vpn_client_certs', { ...SINGAPORE, names: people(30, 'leaver') }),
    async walk(call) {
      const { certificates } = await call('list_ssl_vpn_client_certs', { region_id: 'all', name: 'leaver-' });
      expect(certificates).toHaveLength(30);
      const answer = await call('revoke_ssl_vpn_client_certs', {
        region_id: certificates[0].region_id,
        ssl_vpn_client_cert_ids: certificates.map((row: Result) => row.ssl_vpn_client_cert_id),
      });
      expect(answer).toMatchObject({ complete: true, asked: true });
      expect(answer.revoked).toHaveLength(30);
    },
  },
  {
    asked: 'Here is our staff list: who has none, who is too many?',
    calls: 2,
    characters: 1_200,
    before: (call) => call('issue_ssl_vpn_client_certs', { ...SINGAPORE, names: people(200, 'staff') }),
    async walk(call) {
      const { servers } = await call('list_ssl_vpn_servers', { region_id: 'all', name: 'singapore' });
      const [{ region_id, ssl_vpn_server_id }] = servers;
      const names = [...people(200, 'staff'), 'newcomer', 'alice', 'bob'];
      const answer = await call('compare_ssl_vpn_client_certs', { region_id, ssl_vpn_server_id, names });
      expect(answer).toMatchObject({
        missing: ['newcomer'],
        extra: [{ name: 'carol', status: 'expired' }],
        expiring: [{ name: 'bob' }],
        matching_count: 201,
      });
    },
  },
  {
    asked: 'Who is connected? Since when?',
    calls: 1,
    characters: 2_200,
    async walk(call) {
      const { connections, not_available } = await call('list_ssl_vpn_connections', { region_id: 'all' });
      const minutes = connections.map((one: Result) =>
        Math.round((Date.now() - Date.parse(one.connected_at)) / 60_000),
      );
      expect(minutes).toEqual([95, 12, 1500, 240, 30, 5]);
      expect(connections[0]).toMatchObject({ name: 'alice', server_name: 'singapore-office' });
      expect(not_available).toHaveLength(1);
    },
  },
  {
    asked: 'Why was I refused?',
    calls: 1,
    characters: 1_900,
    async walk(call) {
      const { error } = await call('create_ssl_vpn_client_cert', {
        region_id: 'cn-hangzhou',
        ssl_vpn_server_id: 'vss-sandbox-subuser',
        name: 'anna',
      });
      expect(error).toMatchObject({ code: 'Forbbiden.SubUser', effect: 'none', category: 'permission' });
      expect(error.facts.identity).toContain('user/sandbox-user');
      expect(error.ram_policy.Statement[0].Action).toEqual(['vpc:CreateSslVpnClientCert']);
    },
  },
  {
    asked: 'Nobody gets a certificate on the server "financial" any more. Is something wrong with it?',
    calls: 1,
    characters: 600,
    async walk(call) {
      const { servers } = await call('list_ssl_vpn_servers', { region_id: 'all', name: 'financial' });
      expect(servers).toMatchObject([{ problem: 'gateway locked for an overdue payment' }]);
    },
  },
  {
    asked: 'Alice is called Alice Chen now.',
    calls: 2,
    characters: 700,
    async walk(call) {
      const { certificates } = await call('list_ssl_vpn_client_certs', { region_id: 'all', name: 'alice' });
      const [{ region_id, ssl_vpn_client_cert_id }] = certificates;
      const args = { region_id, ssl_vpn_client_cert_id, name: 'alice.chen' };
      expect((await call('modify_ssl_vpn_client_cert', args)).certificate.name).toBe('alice.chen');
    },
  },
  {
    asked: 'Alice has a new laptop and needs her file again.',
    calls: 2,
    characters: 1_700,
    async walk(call, files) {
      const { certificates } = await call('list_ssl_vpn_client_certs', {
        region_id: 'all',
        name: 'alice',
        status: 'usable',
      });
      const [{ region_id, ssl_vpn_client_cert_id }] = certificates;
      await call('save_ssl_vpn_client_config', { region_id, ssl_vpn_client_cert_id });
      expect(files()).toEqual(['alice-vsc-sandbox-alice.ovpn']);
    },
  },
  {
    asked: 'How would I do that in Python?',
    calls: 1,
    characters: 3_500,
    async walk(call) {
      const preview = await call('preview_api_call', {
        tool: 'create_ssl_vpn_client_cert',
        arguments: { ...SINGAPORE, name: 'anna' },
        sdk: 'python',
      });
      expect(preview).toMatchObject({ sent: false, action: 'CreateSslVpnClientCert' });
      expect(preview.code).toContain('import');
    },
  },
  {
    asked: 'The console told me VpnGateway.Configuring. What is that?',
    calls: 1,
    characters: 900,
    async walk(call) {
      const answer = await call('explain_error', { code: 'VpnGateway.Configuring' });
      expect(answer).toMatchObject({ match: 'exact', retryable: true });
    },
  },
  {
    asked: 'The server is full: make room for Anna.',
    calls: 3,
    characters: 3_500,
    async walk(call) {
      const server = { region_id: 'cn-hangzhou', ssl_vpn_server_id: 'vss-sandbox-quotafull' };
      const { error } = await call('create_ssl_vpn_client_cert', { ...server, name: 'anna' });
      const [{ ssl_vpn_client_cert_id }] = error.facts.expired;
      await call('delete_ssl_vpn_client_cert', { region_id: server.region_id, ssl_vpn_client_cert_id });
      const issued = await call('create_ssl_vpn_client_cert', { ...server, name: 'anna' });
      expect(issued.certificate.name).toBe('anna');
    },
  },
  {
    asked: 'Until when can Alice connect?',
    calls: 1,
    characters: 350,
    async walk(call) {
      const { certificates } = await call('list_ssl_vpn_client_certs', {
        region_id: 'all',
        name: 'alice',
        status: 'usable',
      });
      expect(certificates).toMatchObject([{ name: 'alice', expires_at: expect.stringMatching(/^20\d\d-/) }]);
    },
  },
];

const spent = { calls: 0, characters: 0 };

describe('an errand', () => {
  it.each(ERRANDS.map((errand) => [errand.asked, errand] as const))('%s', async (_asked, errand) => {
    const { session, folder } = await opened();
    const walked = { calls: 0, characters: 0 };
    await errand.before?.((tool, args) => session.call(tool, args));
    await errand.walk(
      async (tool, args) => {
        const { content, structuredContent }: Result = await session.client.callTool({ name: tool, arguments: args });
        walked.calls += 1;
        walked.characters += content[0].text.length;
        if (structuredContent.error === undefined) fitsOutput(tool, structuredContent);
        return structuredContent;
      },
      () => readdirSync(folder).filter((name) => name.endsWith('.ovpn')),
    );
    spent.calls += walked.calls;
    spent.characters += walked.characters;
    expect(walked.calls).toBe(errand.calls);
    expect(walked.characters).toBeLessThanOrEqual(errand.characters);
  });

  it(`is one of sixteen, which need at most ${MAX_CALLS} calls and ${MAX_CHARACTERS} characters`, () => {
    expect(ERRANDS).toHaveLength(16);
    expect(spent.calls).toBe(ERRANDS.reduce((sum, { calls }) => sum + calls, 0));
    expect(spent.calls).toBeLessThanOrEqual(MAX_CALLS);
    expect(spent.characters).toBeLessThanOrEqual(MAX_CHARACTERS);
  });
});

/** Nothing more is said than what the tool declares. */
function fitsOutput(tool: string, { sandbox: _mark, ...result }: Result): void {
  const output = TOOLS.find(({ name }) => name === tool)?.output;
  expect(output?.strict().safeParse(result).error?.issues ?? []).toEqual([]);
}
