/** Exactly-once, over real sockets: whatever the network does, one call makes one certificate, or says that it may have. */
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { CallFailure } from '../../src/errors/errors.js';
import { errorAnswer, explain } from '../../src/errors/explain.js';
import type { Fault, Sandbox } from '../../src/sandbox/http.js';
import { clientOf, closeAll, create, LONG_MS, ONE_ATTEMPT, sandboxWith, within } from '../support/client.js';

afterEach(closeAll);

function certificatesNamed(sandbox: Sandbox, name: string) {
  return sandbox.cloud.certificates().filter((cert) => cert.Name === name);
}

async function failure(call: Promise<unknown>): Promise<CallFailure> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof CallFailure) return error;
  throw new Error(`no CallFailure but ${String(error)}`);
}

describe('one call, one certificate', () => {
  const faults: Fault[] = [
    'reset-before',
    'reset-after',
    'hang-before',
    'hang-after',
    'error-500-after',
    'unavailable',
    'throttled',
    'html-before',
    'html-after',
    'truncated',
    'empty',
    'without-id',
  ];
  it.each(faults)('after two attempts that end in %s', async (fault) => {
    const sandbox = await sandboxWith({ fault: ({ earlier }) => (earlier < 2 ? fault : undefined) });
    const client = await clientOf(sandbox.url);
    const { value, attempts } = await client.call(create('joiner', 'token-1'), within(LONG_MS));
    expect(attempts).toBe(3);
    expect(certificatesNamed(sandbox, 'joiner').map((cert) => cert.SslVpnClientCertId)).toEqual([
      value.SslVpnClientCertId,
    ]);
    expect(new Set(sandbox.requests.map(({ parameters }) => parameters.ClientToken))).toEqual(new Set(['token-1']));
    const nonces = sandbox.requests.map(({ nonce }) => nonce);
    expect(new Set(nonces).size).toBe(nonces.length);
    expect(nonces).toHaveLength(3);
  });

  it.each([
    [1_000_000, 'as good as any'],
    [1_100_000, 'none'],
  ])('an answer of %i bytes is %s', async (bytes, worth) => {
    const answer = { RequestId: 'R', SslVpnClientCertId: 'vsc-1', Name: '' };
    const body = JSON.stringify({ ...answer, Name: 'x'.repeat(bytes - JSON.stringify(answer).length) });
    const sandbox = await sandboxWith({ fault: () => ({ status: 200, body }) });
    const client = await clientOf(sandbox.url, ONE_ATTEMPT);
    const call = client.call(create('joiner', 't'), within(LONG_MS));
    if (worth !== 'none') return expect((await call).value.SslVpnClientCertId).toBe('vsc-1');
    expect(explain(await failure(call))).toMatchObject({ code: 'Client.MalformedResponse', effect: 'unknown' });
  });

  it('an answer in XML is as good as one in JSON', async () => {
    const sandbox = await sandboxWith({ fault: () => 'xml' });
    const { value, requestId, attempts } = await (await clientOf(sandbox.url)).call(
      create('a<b>&c', 't'),
      within(LONG_MS),
    );
    expect(attempts).toBe(1);
    expect(value.Name).toBe('a<b>&c');
    expect(value.SslVpnClientCertId).toBe(certificatesNamed(sandbox, 'a<b>&c')[0]?.SslVpnClientCertId);
    expect(requestId).toMatch(/^[0-9A-F-]{36}$/);
  });

  it('an error in XML is told like one in JSON', async () => {
    const sandbox = await sandboxWith({ fault: ({ earlier }) => (earlier > 0 ? 'xml' : undefined) });
    const client = await clientOf(sandbox.url);
    await client.call(create('first', 't'), within(LONG_MS));
    const error = explain(await failure(client.call(create('second', 't'), within(LONG_MS))));
    expect(error).toMatchObject({
      code: 'IdempotentParameterMismatch',
      http_status: 400,
      effect: 'none',
    });
  });

  it('a service that never answers: the call ends inside its deadline with effect unknown, and a repeat finds the one made', async () => {
    let down = false;
    const sandbox = await sandboxWith({ fault: () => (down ? 'hang-after' : undefined) });
    const client = await clientOf(sandbox.url, { timeoutMs: LONG_MS });
    // The connection is there: what is sent now has surely left before the deadline.
    await client.call(create('other', 'token-1'), within(LONG_MS));
    down = true;
    const error = await failure(client.call(create('joiner', 'token-2'), within(500)));
    expect(error.facts).toMatchObject({ effect: 'unknown', clientToken: 'token-2' });
    expect(errorAnswer(explain(error, { takesClientToken: true })).next_steps[0]).toContain('client_token');
    down = false;
    const { value } = await client.call(create('joiner', 'token-2'), within(LONG_MS));
    expect(certificatesNamed(sandbox, 'joiner').map((cert) => cert.SslVpnClientCertId)).toEqual([
      value.SslVpnClientCertId,
    ]);
  });

  it('an answer that drips in never outlasts the deadline', async () => {
    let drips = false;
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      if (!drips) return void response.end('{"RequestId":"R","SslVpnClientCertId":"vsc-1"}');
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = await clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { timeoutMs: LONG_MS });
    await client.call(create('first', 't0'), within(LONG_MS));
    drips = true;
    const error = await failure(client.call(create('joiner', 't'), within(500)));
    expect(explain(error)).toMatchObject({ code: 'Client.Timeout', effect: 'unknown' });
    server.closeAllConnections();
    server.close();
  });
});

describe('what is not tried again', () => {
  it.each(['Forbbiden.SubUser', 'Resource.QuotaFull', 'InvalidName', 'InvalidSecurityToken.Malformed'])(
    'a refusal with %s',
    async (code) => {
      const body = JSON.stringify({ RequestId: 'R', HostId: 'h', Code: code, Message: 'no' });
      const sandbox = await sandboxWith({ fault: () => ({ status: 403, body }) });
      const error = await failure((await clientOf(sandbox.url)).call(create('joiner', 't'), within(LONG_MS)));
      expect(sandbox.requests).toHaveLength(1);
      expect(error.facts.effect).toBe('none');
    },
  );

  it('a refusal after an attempt that may have worked leaves the effect unknown', async () => {
    const body = JSON.stringify({ RequestId: 'R', HostId: 'h', Code: 'Forbidden', Message: 'no' });
    const sandbox = await sandboxWith({
      fault: ({ earlier }) => (earlier === 0 ? 'reset-after' : { status: 403, body }),
    });
    const error = await failure((await clientOf(sandbox.url)).call(create('joiner', 't'), within(LONG_MS)));
    expect(explain(error, { takesClientToken: true })).toMatchObject({
      code: 'Forbidden',
      effect: 'unknown',
      client_token: 't',
    });
    expect(certificatesNamed(sandbox, 'joiner')).toHaveLength(1);
  });

  it('a page in place of an answer with a status of 4xx', async () => {
    const sandbox = await sandboxWith({ fault: () => ({ status: 407, body: '<html>Proxy login</html>' }) });
    const error = await failure((await clientOf(sandbox.url)).call(create('joiner', 't'), within(LONG_MS)));
    expect(sandbox.requests).toHaveLength(1);
    expect(explain(error)).toMatchObject({ code: 'Client.MalformedResponse', http_status: 407 });
  });
});

describe('waiting', () => {
  it('Retry-After is honoured', async () => {
    const refused: number[] = [];
    const server = createServer((_request, response) => {
      refused.push(performance.now());
      const last = refused.length > 1;
      response.writeHead(last ? 200 : 503, last ? {} : { 'retry-after': '1' });
      response.end(
        JSON.stringify(
          last
            ? { RequestId: 'R', SslVpnClientCertId: 'vsc-1' }
            : { RequestId: 'R', Code: 'ServiceUnavailable', Message: 'm' },
        ),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = await clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await client.call(create('joiner', 't'), within(LONG_MS));
    const [first = 0, second = 0] = refused;
    expect(second - first).toBeGreaterThanOrEqual(990);
    server.closeAllConnections();
    server.close();
  });

  it('a wait that would outlast the deadline is not begun', async () => {
    const body = JSON.stringify({ RequestId: 'R', Code: 'Throttling.User', Message: 'm' });
    const sandbox = await sandboxWith({ fault: () => ({ status: 429, body }) });
    const client = await clientOf(sandbox.url, { random: () => 100 });
    const error = await failure(client.call(create('joiner', 't'), { ...within(LONG_MS), remaining: () => 300 }));
    expect(sandbox.requests).toHaveLength(1);
    expect(explain(error)).toMatchObject({
      code: 'Throttling.User',
      category: 'throttled',
      effect: 'none',
      retryable: true,
    });
  });

  it('an attempt is not begun with no time left, for it would end as a time-out and hide the error before it', async () => {
    const sandbox = await sandboxWith({ fault: ({ earlier }) => (earlier === 0 ? 'unavailable' : 'hang-before') });
    const client = await clientOf(sandbox.url, { random: () => 0 });
    const budget = within(LONG_MS);
    const short = { ...budget, remaining: () => (sandbox.requests.length === 0 ? LONG_MS : 100) };
    const error = await failure(client.call(create('joiner', 't'), short));
    expect(explain(error).code).toBe('ServiceUnavailable');
    expect(sandbox.requests).toHaveLength(1);
  });

  it('a cancelled call stops waiting and sends nothing more', async () => {
    const sandbox = await sandboxWith({ fault: () => 'unavailable' });
    const client = await clientOf(sandbox.url, { random: () => 1 });
    const cancelling = new AbortController();
    const call = failure(client.call(create('joiner', 't'), within(LONG_MS, cancelling.signal)));
    while (sandbox.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    cancelling.abort();
    const error = await call;
    const sent = sandbox.requests.length;
    expect(explain(error)).toMatchObject({ code: 'Client.Cancelled', effect: 'unknown' });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(sandbox.requests).toHaveLength(sent);
  });

  it('a call that was cancelled before it began sends nothing', async () => {
    const sandbox = await sandboxWith();
    const error = await failure(
      (await clientOf(sandbox.url)).call(create('joiner', 't'), within(LONG_MS, AbortSignal.abort())),
    );
    expect(error.facts).toMatchObject({ effect: 'none', attempts: 0 });
    expect(sandbox.requests).toHaveLength(0);
  });
});

describe('the clock', () => {
  it.each([20, -20])('%i minutes off is corrected once by the date of the service', async (minutes) => {
    const sandbox = await sandboxWith();
    const client = await clientOf(sandbox.url, { now: () => Date.now() + minutes * 60_000 });
    expect((await client.call(create('joiner', 't'), within(LONG_MS))).attempts).toBe(2);
    expect((await client.call(create('other', 't2'), within(LONG_MS))).attempts).toBe(1);
  });

  it('a service that calls every date wrong is not asked for ever', async () => {
    const body = JSON.stringify({ RequestId: 'R', Code: 'InvalidTimeStamp.Expired', Message: 'm' });
    const sandbox = await sandboxWith({ fault: () => ({ status: 400, body }) });
    const error = await failure((await clientOf(sandbox.url)).call(create('joiner', 't'), within(LONG_MS)));
    expect(sandbox.requests).toHaveLength(2);
    expect(explain(error).code).toBe('InvalidTimeStamp.Expired');
  });
});

describe('no connection', () => {
  it('a refused one changes nothing and names the host', async () => {
    // A port that no test is given.
    const client = await clientOf('http://127.0.0.1:9', ONE_ATTEMPT);
    expect(explain(await failure(client.call(create('joiner', 't'), within(LONG_MS))))).toMatchObject({
      code: 'Client.Network',
      effect: 'none',
      facts: { problem: 'refused', host: '127.0.0.1:9' },
    });
  });

  it('a host that does not speak HTTP is told as such', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('220 smtp.example ESMTP\r\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const error = explain(
      await failure(
        (await clientOf(`http://127.0.0.1:${port}`, ONE_ATTEMPT)).call(create('joiner', 't'), within(LONG_MS)),
      ),
    );
    expect(error).toMatchObject({ code: 'Client.Network', facts: { problem: 'protocol' } });
    server.close();
  });
});

describe('secrets', () => {
  it('that an answer echoes are cut out of it', async () => {
    const secret = 'a-secret-that-must-not-be-seen';
    const token = 'CAIS+token/with=marks==and-more';
    const body = JSON.stringify({
      RequestId: secret,
      Code: `X.${token}`,
      Message: `you sent ${secret} and ${encodeURIComponent(token)}`,
      Recommend: token,
    });
    const sandbox = await sandboxWith({ fault: () => ({ status: 400, body }) });
    const keys = { accessKeyId: 'LTAI5tExampleExampleExample', accessKeySecret: secret, securityToken: token };
    const client = await clientOf(sandbox.url, { credentials: { get: () => keys, source: () => 'test' } });
    const text = JSON.stringify(explain(await failure(client.call(create('joiner', 't'), within(LONG_MS)))));
    expect(text).toContain('you sent [removed] and [removed]');
    expect(text).not.toContain(secret);
    expect(text).not.toContain(token);
  });

  it('a wrong secret: the string to sign that the service quotes is cut out', async () => {
    const sandbox = await sandboxWith();
    const keys = { ...sandbox.credentials, accessKeySecret: 'wrong-secret-wrong-secret' };
    const client = await clientOf(sandbox.url, { credentials: { get: () => keys, source: () => 'test' } });
    const error = explain(await failure(client.call(create('joiner', 't'), within(LONG_MS))));
    expect(error.code).toBe('SignatureDoesNotMatch');
    expect(error.message).toBe(
      'Specified signature does not match our calculation. server string to sign is: [removed]',
    );
  });
});
