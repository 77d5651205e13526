import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { feed, INITIALIZE, type Result, spawnBin, startBin } from '../support/bin.js';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';
import { against, CERT_ID, closeHostile, hostileCloud } from '../support/hostile-cloud.js';

afterEach(closeHostile);
afterEach(closeAll);

const CREATE = 'create_ssl_vpn_client_cert';

function environment(sandbox: { url: string; credentials: { accessKeyId: string; accessKeySecret: string } }) {
  return {
    ALIBABA_CLOUD_VPC_ENDPOINT: sandbox.url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: sandbox.credentials.accessKeySecret,
  };
}

function lines(text: string): Result[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

describe('a session over stdio', () => {
  it('initialises, lists and issues', async () => {
    const session = await startBin(['--sandbox']);
    expect(session.client.getServerVersion()?.name).toBe('alicloud-ssl-vpn-mcp');
    expect(session.client.getInstructions()).toContain('list_ssl_vpn_servers');
    const result = await session.call(CREATE, { region_id: REGION, ssl_vpn_server_id: SERVER, name: '张伟' });
    expect(result).toEqual({
      certificate: {
        ssl_vpn_client_cert_id: expect.stringMatching(/^vsc-/),
        name: '张伟',
        region_id: REGION,
        ssl_vpn_server_id: SERVER,
      },
      request_id: expect.stringMatching(/^[0-9A-F-]{36}$/),
      client_token: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      next_steps: [expect.any(String)],
      sandbox: true,
    });
  });

  it('gives the structured result as JSON in one text block too', async () => {
    const session = await startBin(['--sandbox']);
    const result: Result = await session.client.callTool({
      name: CREATE,
      arguments: { region_id: REGION, ssl_vpn_server_id: SERVER },
    });
    expect(result.content).toHaveLength(1);
    expect(JSON.parse(result.content[0].text)).toEqual(result.structuredContent);
    expect(result.isError).toBeUndefined();
  });

  it('a repeat with the token of a call finds the same certificate', async () => {
    const session = await startBin(['--sandbox']);
    const args = { region_id: REGION, ssl_vpn_server_id: SERVER, name: 'joiner' };
    const first = await session.call(CREATE, args);
    const again = await session.call(CREATE, { ...args, client_token: first.client_token });
    expect(again.certificate).toEqual(first.certificate);
  });

  it('fills in the default region, which then is not required', async () => {
    const session = await startBin(['--sandbox', '--region', REGION]);
    const { tools } = await session.client.listTools();
    expect(tools.find(({ name }) => name === CREATE)?.inputSchema.required).toEqual(['ssl_vpn_server_id']);
    expect((await session.call(CREATE, { ssl_vpn_server_id: SERVER })).certificate.region_id).toBe(REGION);
  });

  it('sends the account of the owner along', async () => {
    const sandbox = await sandboxWith();
    const session = await startBin([], environment(sandbox));
    await session.call(CREATE, { region_id: REGION, ssl_vpn_server_id: SERVER, owner_account: 'ops@example.com' });
    expect(sandbox.requests[0]?.parameters.OwnerAccount).toBe('ops@example.com');
    expect(sandbox.requests).toHaveLength(1);
  });

  it('answers calls as they are done, not as they came', async () => {
    let answerSlow = (): void => {};
    const made = { SslVpnClientCertId: CERT_ID };
    const cloud = await hostileCloud(({ parameters }) => {
      if (parameters.Name === 'quick') return made;
      return (_request, response) => {
        answerSlow = () => void response.end(JSON.stringify({ RequestId: 'R', ...made }));
      };
    });
    const session = await against(cloud);
    const create = (name: string) => session.call(CREATE, { region_id: REGION, ssl_vpn_server_id: SERVER, name });
    const slow = create('slow');
    while (cloud.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await create('quick')).certificate).toBeDefined();
    answerSlow();
    expect((await slow).certificate).toBeDefined();
  });

  it('names every wrong argument with what is accepted, and sends nothing', async () => {
    const sandbox = await sandboxWith();
    const session = await startBin([], environment(sandbox));
    const { error } = await session.call(CREATE, {
      region_id: 'evil.com/',
      server_id: SERVER,
      name: '1',
      client_token: 'é',
    });
    expect(error).toMatchObject({
      code: 'Client.InvalidArguments',
      category: 'invalid_input',
      effect: 'none',
      retryable: false,
    });
    for (const part of [
      'region_id: "evil.com/"',
      'ssl_vpn_server_id is missing',
      'name: "1"',
      'client_token: "é"',
      '"server_id". Did you mean ssl_vpn_server_id?',
      'vss-m5et0q3i',
    ]) {
      expect(error.message).toContain(part);
    }
    expect(sandbox.requests).toHaveLength(0);
  });

  it('names the values and the range that an argument may have', async () => {
    const session = await startBin(['--sandbox']);
    const list = { region_id: REGION, status: 'bad', limit: 9_999, expires_within_days: 0.5 };
    const preview = { tool: CREATE, arguments: {}, signature: 'yes', sdk: 'rust' };
    const [listed, previewed] = [
      (await session.call('list_ssl_vpn_client_certs', list)).error.message,
      (await session.call('preview_api_call', preview)).error.message,
    ];
    expect(listed).toMatch(/status: "bad" is not accepted\. Accepted: [a-z, ]*\busable\b/);
    expect(listed).toMatch(/limit: 9999 is not accepted\. Accepted: a whole number from 1 to \d+\./);
    expect(listed).toMatch(/expires_within_days: 0\.5 is not accepted\. Accepted: a whole number from 0\./);
    expect(previewed).toMatch(/sdk: "rust" is not accepted\. Accepted: [a-z, ]*\bpython\b/);
    expect(previewed).toContain('signature: "yes" is not accepted. Accepted: true, false.');
  });

  it.each(['text', 7, ['a'], null])('arguments that are %j are an explained error or none', async (given) => {
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: CREATE, arguments: given } };
    const input = [INITIALIZE, call].map((message) => `${JSON.stringify(message)}\n`).join('');
    const { messages } = await feed(['--sandbox'], input, {}, 2);
    const answer = messages().find(({ id }) => id === 1);
    expect(answer.result.structuredContent.error.code).toBe('Client.InvalidArguments');
  });

  it.each([
    [CREATE, 'arguments: [] is not accepted. Accepted: an object with region_id, ssl_vpn_server_id, name'],
    ['list_regions', 'arguments: [] is not accepted. Accepted: an empty object.'],
  ])('a list in the place of the arguments of %s is told clearly', async (tool, said) => {
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool, arguments: [] } };
    const input = [INITIALIZE, call].map((message) => `${JSON.stringify(message)}\n`).join('');
    const { messages } = await feed(['--sandbox'], input, {}, 2);
    const answer = messages().find(({ id }) => id === 1);
    expect(answer.result.structuredContent.error.message).toContain(said);
  });

  it('a tool that does not exist: the nearest one is named', async () => {
    const session = await startBin(['--sandbox']);
    const { error } = await session.call('create_vpn_client_cert');
    expect(error).toMatchObject({ code: 'Client.UnknownTool', next_steps: [expect.stringContaining(CREATE)] });
  });

  it('without credentials it starts, lists, and answers calls with the ways to provide them', async () => {
    const session = await startBin([]);
    expect((await session.client.listTools()).tools.length).toBeGreaterThan(0);
    const { error } = await session.call(CREATE, { region_id: REGION, ssl_vpn_server_id: SERVER });
    expect(error).toMatchObject({ code: 'Client.CredentialsMissing', category: 'credentials', effect: 'none' });
    expect(error.next_steps.join(' ')).toContain('ALIBABA_CLOUD_ACCESS_KEY_ID');
  });

  it('a cancelled call stops, sends nothing more, and the session goes on', async () => {
    const sandbox = await sandboxWith({
      fault: ({ parameters }) => (parameters.Name === 'never' ? 'unavailable' : undefined),
    });
    const session = await startBin([], environment(sandbox));
    const cancelling = new AbortController();
    const call = session.call(
      CREATE,
      { region_id: REGION, ssl_vpn_server_id: SERVER, name: 'never' },
      { signal: cancelling.signal },
    );
    call.catch(() => {});
    while (sandbox.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    cancelling.abort('no longer wanted');
    await expect(call).rejects.toThrow();
    while (!session.stderr().includes('Client.Cancelled')) await new Promise((resolve) => setTimeout(resolve, 10));
    const sent = sandbox.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(sandbox.requests).toHaveLength(sent);
    expect(
      (await session.call(CREATE, { region_id: REGION, ssl_vpn_server_id: SERVER, name: 'next' })).certificate.name,
    ).toBe('next');
    const logged = lines(session.stderr()).find(({ outcome }) => outcome === 'Client.Cancelled');
    expect(logged).toMatchObject({ effect: 'unknown', client_token: sandbox.requests[0]?.parameters.ClientToken });
  });
});

describe('the end of a session', () => {
  it('loses no answer to a client that reads slowly', async () => {
    const read = (id: number) => ({
      jsonrpc: '2.0',
      id,
      method: 'resources/read',
      params: { uri: 'ssl-vpn://errors' },
    });
    const child = spawnBin([]);
    const messages = [INITIALIZE, ...Array.from({ length: 20 }, (_, index) => read(index + 1))];
    child.stdin.end(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
    await new Promise((resolve) => setTimeout(resolve, 700));
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    await once(child, 'close');
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((answer) => JSON.parse(answer).id),
    ).toEqual(messages.map(({ id }) => id));
  });

  it('leaves when a client has gone that never read its answers', async () => {
    const child = spawnBin([]);
    const lists = Array.from({ length: 300 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'tools/list' }));
    child.stdin.end([INITIALIZE, ...lists].map((message) => `${JSON.stringify(message)}\n`).join(''));
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });

  it('leaves though the file with the credentials is a pipe that nobody writes to', async () => {
    const home = mkdtempSync(join(tmpdir(), 'home-'));
    mkdirSync(join(home, '.aliyun'));
    execFileSync('mkfifo', [join(home, '.aliyun', 'config.json')]);
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_regions', arguments: {} } };
    const { code, messages } = await feed(
      ['--deadline', '10000'],
      [INITIALIZE, call].map((message) => `${JSON.stringify(message)}\n`).join(''),
      { HOME: home, ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' },
      2,
    );
    expect(code).toBe(0);
    expect(JSON.stringify(messages().find(({ id }) => id === 1))).toContain('not a regular file');
    rmSync(home, { recursive: true, force: true });
  });

  it('stdin closing in the middle of a call: the answer comes, then the process leaves', async () => {
    let answer = (): void => {};
    const cloud = await hostileCloud(() => (_request, response) => {
      answer = () => void response.end(JSON.stringify({ RequestId: 'R', SslVpnClientCertId: CERT_ID, Name: 'last' }));
    });
    const session = await against(cloud);
    const call = session.call(CREATE, { region_id: REGION, ssl_vpn_server_id: SERVER, name: 'last' });
    while (cloud.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    session.child.stdin.end();
    await new Promise((resolve) => setTimeout(resolve, 100));
    answer();
    expect((await call).certificate.name).toBe('last');
    await session.close();
    expect(session.child.exitCode).toBe(0);
  });

  it('stdin closing with nothing in flight: it leaves at once', async () => {
    const { code, messages } = await feed(['--sandbox'], `${JSON.stringify(INITIALIZE)}\n`);
    expect(code).toBe(0);
    expect(messages()).toHaveLength(1);
  });

  it('a last line without its line break is still read', async () => {
    const { messages } = await feed(['--sandbox'], JSON.stringify(INITIALIZE));
    expect(messages()[0].id).toBe(0);
  });

  it('a client that closes its end of stdout: it leaves', async () => {
    const child = spawnBin(['--sandbox']);
    child.stdout.destroy();
    const exit = once(child, 'exit');
    const timer = setInterval(
      () => child.stdin.writable && child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n`),
      50,
    );
    child.stdin.on('error', () => {});
    await exit;
    clearInterval(timer);
  });
});

describe('a client that reads no log', () => {
  it('is served all the same', async () => {
    const session = await startBin(['--sandbox', '--log-level', 'debug']);
    session.child.stderr.destroy();
    for (const name of ['one', 'two', 'three']) {
      expect(
        (await session.call(CREATE, { region_id: REGION, ssl_vpn_server_id: SERVER, name })).certificate.name,
      ).toBe(name);
    }
  });
});

describe('lines that are no messages', () => {
  const ping = (id: number): string => `${JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' })}\n`;

  it.each([
    ['text', 'nonsense\n', { id: null, error: { code: -32700 } }],
    ['bytes that are no text', Buffer.from([0xff, 0x00, 0xfe, 0x0a]), { id: null, error: { code: -32700 } }],
    ['a number', '5\n', { id: null, error: { code: -32600 } }],
    ['null', 'null\n', { id: null, error: { code: -32600 } }],
    ['a batch', '[]\n', { id: null, error: { code: -32600 } }],
    ['an object without method', '{"jsonrpc":"2.0","id":9}\n', { id: 9, error: { code: -32600 } }],
    [
      'a request of another version',
      '{"jsonrpc":"1.0","id":"x","method":"ping"}\n',
      { id: 'x', error: { code: -32600 } },
    ],
    ['a request whose method is no text', '{"jsonrpc":"2.0","id":9,"method":1}\n', { id: 9, error: { code: -32600 } }],
    [
      'a request with odd params',
      '{"jsonrpc":"2.0","id":9,"method":"ping","params":7}\n',
      { id: 9, error: { code: -32600 } },
    ],
    [
      'a request with an odd progress token',
      '{"jsonrpc":"2.0","id":9,"method":"ping","params":{"_meta":{"progressToken":{}}}}\n',
      { id: 9, error: { code: -32600 } },
    ],
    ['an unknown method', '{"jsonrpc":"2.0","id":9,"method":"no/such"}\n', { id: 9, error: { code: -32601 } }],
    [
      'an unknown method with unseen characters',
      '{"jsonrpc":"2.0","id":9,"method":"q\u200d\u202e"}\n',
      { id: 9, error: { code: -32601, message: 'there is no q\\u{200d}\\u{202e} here' } },
    ],
    ['a call without a tool', '{"jsonrpc":"2.0","id":9,"method":"tools/call"}\n', { id: 9, error: { code: -32602 } }],
    ['5 MB without an end', `${'x'.repeat(5 * 1024 * 1024)}\n`, { id: null, error: { code: -32600 } }],
  ])('%s: answered as JSON-RPC asks, and the next request too', async (_what, line, expected) => {
    const { messages, code } = await feed(
      ['--sandbox'],
      Buffer.concat([Buffer.from(line), Buffer.from(ping(2))]),
      {},
      2,
    );
    expect(code).toBe(0);
    expect(messages()).toHaveLength(2);
    expect(messages()).toContainEqual(
      expect.objectContaining({ ...expected, error: expect.objectContaining(expected.error) }),
    );
    expect(messages()).toContainEqual({ jsonrpc: '2.0', id: 2, result: {} });
  });

  it.each([
    ['an empty line', '\n'],
    ['an answer to nothing', '{"jsonrpc":"2.0","id":99,"result":{}}\n'],
    ['a broken answer', '{"jsonrpc":"2.0","result":{}}\n'],
    ['an unknown notification', '{"jsonrpc":"2.0","method":"notifications/unknown"}\n'],
    ['a cancellation of nothing', '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77}}\n'],
  ])('%s: no answer, and the next request has its own', async (_what, line) => {
    const { messages } = await feed(['--sandbox'], line + ping(2), {}, 1);
    expect(messages()).toEqual([{ jsonrpc: '2.0', id: 2, result: {} }]);
  });
});

describe('what leaves the process', () => {
  it('stdout is JSON-RPC alone, also with the log at debug, and no secret is in any byte of a session with errors', async () => {
    const secret = 'PLANTED-key-secret-0123456789';
    const token = 'PLANTED+security/token==0123456789';
    const sandbox = await sandboxWith({
      keys: [{ accessKeyId: 'LTAI5tPlantedKeyId000000', accessKeySecret: secret, securityToken: token }],
      fault: ({ parameters }) =>
        parameters.Name === 'echo'
          ? {
              status: 400,
              body: JSON.stringify({
                RequestId: token,
                Code: secret,
                Message: `${secret} ${token} ${encodeURIComponent(token)}`,
              }),
            }
          : parameters.Name === 'lost'
            ? 'reset-after'
            : undefined,
    });
    const env = {
      ALIBABA_CLOUD_VPC_ENDPOINT: sandbox.url,
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI5tPlantedKeyId000000',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret,
      ALIBABA_CLOUD_SECURITY_TOKEN: token,
    };
    const good = await startBin(['--log-level', 'debug', '--deadline', '3000'], env);
    const bad = await startBin(['--log-level', 'debug'], {
      ...env,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: `${secret}-wrong`,
    });
    for (const name of ['fine', 'echo', 'lost'])
      await good.call(CREATE, { region_id: REGION, ssl_vpn_server_id: SERVER, name });
    await good.call(CREATE, { region_id: REGION, ssl_vpn_server_id: 'vss-nothing' });
    const { error } = await bad.call(CREATE, { region_id: REGION, ssl_vpn_server_id: SERVER });
    expect(error.code).toBe('SignatureDoesNotMatch');
    await Promise.all([good.close(), bad.close()]);
    for (const session of [good, bad]) {
      for (const message of lines(session.stdout())) expect(message.jsonrpc).toBe('2.0');
      for (const entry of lines(session.stderr()))
        expect(entry).toMatchObject({ time: expect.any(String), level: expect.any(String) });
      for (const planted of [secret, token, encodeURIComponent(token), 'LTAI5tPlantedKeyId000000']) {
        expect(session.stdout()).not.toContain(planted);
        expect(session.stderr()).not.toContain(planted);
      }
    }
    expect(lines(good.stderr()).some(({ level }) => level === 'debug')).toBe(true);
  });
});
