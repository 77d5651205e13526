/** The sandbox's wire, met with raw sockets: whose requests it takes, how much of them, and what it survives. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/http.js';
import { closeAll, REGION, sandboxWith } from '../support/client.js';
import { officialClient, Vpc } from '../support/official-sdk.js';

afterEach(closeAll);

const portOf = (sandbox: Sandbox) => Number(new URL(sandbox.url).port);

/** Sends the bytes and gives what came back by the time the sandbox closed the connection. */
async function exchange(sandbox: Sandbox, ...parts: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect(portOf(sandbox), '127.0.0.1');
  await once(socket, 'connect');
  const answer = untilClosed(socket);
  for (const part of parts) socket.write(part);
  return answer;
}

function untilClosed(socket: Socket): Promise<string> {
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text;
  });
  // What was sent to a sandbox that had closed the connection already.
  socket.on('error', () => {});
  return new Promise((resolve) => socket.once('close', () => resolve(answer)));
}

const request = (line: string, host: string, ...headers: string[]) =>
  `${[line, `Host: ${host}`, 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`;

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);

async function expectAlive(sandbox: Sandbox): Promise<void> {
  const client = officialClient(sandbox.url, sandbox.credentials, REGION);
  const { body } = await client.describeRegions(new Vpc.DescribeRegionsRequest({}));
  expect(body?.regions?.region).toHaveLength(3);
}

describe('the host that a request is for', () => {
  const own = ['127.0.0.1', 'localhost', 'LocalHost', '[::1]'];
  const foreign: [string, (port: number) => string][] = [
    ['a name that resolves to loopback', (port) => `attacker.example:${port}`],
    ['a name that begins like ours', (port) => `127.0.0.1.attacker.example:${port}`],
    ['another port', (port) => `127.0.0.1:${port === 1 ? 2 : port - 1}`],
    ['no port', () => '127.0.0.1'],
    ['user information in front', (port) => `127.0.0.1:${port}@attacker.example`],
    ['nothing', () => ''],
  ];

  it.each(own)('may be %s', async (name) => {
    const sandbox = await sandboxWith();
    const answer = await exchange(sandbox, request('POST / HTTP/1.1', `${name}:${portOf(sandbox)}`));
    expect(answer).toContain('IncompleteSignature');
    expect(sandbox.requests).toHaveLength(1);
  });

  it.each(foreign)('may not be %s', async (_case, host) => {
    const sandbox = await sandboxWith();
    const answer = await exchange(sandbox, request('POST / HTTP/1.1', host(portOf(sandbox))));
    expect(statusOf(answer)).toBe(421);
    expect(answer).toContain('content-type: text/plain');
    expect(answer.split('\r\n\r\n')[1]).toMatch(/^[^\n]+\n$/);
    expect(answer).not.toContain('attacker');
    expect(sandbox.requests).toEqual([]);
  });

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])('is checked for %s too', async (method) => {
    const sandbox = await sandboxWith();
    const answer = await exchange(sandbox, request(`${method} /?Action=DescribeRegions HTTP/1.1`, 'attacker.example'));
    expect(statusOf(answer)).toBe(421);
    expect(answer.toLowerCase()).not.toContain('access-control-allow');
    expect(sandbox.requests).toEqual([]);
  });

  it('is said once, and not left out', async () => {
    const sandbox = await sandboxWith();
    const host = `127.0.0.1:${portOf(sandbox)}`;
    expect(statusOf(await exchange(sandbox, request('GET / HTTP/1.1', host, 'Host: attacker.example')))).toBe(421);
    expect(statusOf(await exchange(sandbox, 'GET / HTTP/1.0\r\n\r\n'))).toBe(421);
    expect(sandbox.requests).toEqual([]);
  });

  it('closes the connection when it is wrong', async () => {
    const sandbox = await sandboxWith();
    const answer = await exchange(sandbox, 'POST / HTTP/1.1\r\nHost: attacker.example\r\nContent-Length: 9\r\n\r\n');
    expect(statusOf(answer)).toBe(421);
  });
});

describe('the length of a request', () => {
  const MAX_BODY_BYTES = 64 * 1024;
  const post = (sandbox: Sandbox, ...headers: string[]) =>
    request('POST / HTTP/1.1', `127.0.0.1:${portOf(sandbox)}`, ...headers);

  it('may be 64 KB for the body', async () => {
    const sandbox = await sandboxWith();
    const head = post(sandbox, `Content-Length: ${MAX_BODY_BYTES}`);
    expect(await exchange(sandbox, head, Buffer.alloc(MAX_BODY_BYTES))).toContain('IncompleteSignature');
  });

  it('may not be a byte more', async () => {
    const sandbox = await sandboxWith();
    const head = post(sandbox, `Content-Length: ${MAX_BODY_BYTES + 1}`);
    expect(statusOf(await exchange(sandbox, head, Buffer.alloc(MAX_BODY_BYTES + 1)))).toBe(413);
    expect(sandbox.requests).toEqual([]);
  });

  it('is looked at while a body without end comes in, and the connection is closed', async () => {
    const sandbox = await sandboxWith();
    const socket = connect(portOf(sandbox), '127.0.0.1');
    const answer = untilClosed(socket);
    const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`;
    const more = (): void => {
      if (socket.writable) socket.write(chunk, more);
    };
    socket.write(post(sandbox, 'Transfer-Encoding: chunked'), more);
    // The answer itself may be lost to the client that goes on writing.
    expect([413, Number.NaN]).toContain(statusOf(await answer));
    expect(sandbox.requests).toEqual([]);
    await expectAlive(sandbox);
  });

  it('is bounded for path and query, and for headers', async () => {
    const sandbox = await sandboxWith();
    const host = `127.0.0.1:${portOf(sandbox)}`;
    const path = `/?Name=${'a'.repeat(8 * 1024)}`;
    expect(statusOf(await exchange(sandbox, request(`GET ${path} HTTP/1.1`, host)))).toBe(414);
    const header = `X-Long: ${'a'.repeat(64 * 1024)}`;
    expect([431, Number.NaN]).toContain(statusOf(await exchange(sandbox, request('GET / HTTP/1.1', host, header))));
    expect(sandbox.requests).toEqual([]);
  });

  it.each([
    ['headers', (sandbox: Sandbox) => `POST / HTTP/1.1\r\nHost: 127.0.0.1:${portOf(sandbox)}\r\n`],
    ['a body', (sandbox: Sandbox) => post(sandbox, 'Content-Length: 10')],
    ['anything', () => ''],
  ])('is waited for, but not for ever: %s', async (_part, head) => {
    const sandbox = await sandboxWith({ receiveTimeoutMs: 100 });
    expect(statusOf(await exchange(sandbox, head(sandbox)))).toBe(408);
    expect(sandbox.requests).toEqual([]);
  });
});

describe('a request that makes no sense', () => {
  it.each([
    ['a target of two slashes', 'GET // HTTP/1.1', 'IncompleteSignature'],
    ['two slashes and a name', 'GET //attacker.example/x HTTP/1.1', 'IncompleteSignature'],
    ['a backslash', 'GET /\\ HTTP/1.1', 'IncompleteSignature'],
    ['a percent sign that encodes nothing', 'GET /?Name=%zz HTTP/1.1', 'not percent-encoded'],
    ['a percent sign at the end', 'GET /?Name=% HTTP/1.1', 'not percent-encoded'],
    ['half a character', 'GET /?Name=%E5%BC HTTP/1.1', 'not percent-encoded'],
    ['an absolute target', 'GET http://attacker.example/ HTTP/1.1', 'must be a path'],
    ['an absolute target without host', 'GET http:///// HTTP/1.1', 'must be a path'],
    ['a target that is a star', 'OPTIONS * HTTP/1.1', 'must be a path'],
    [
      'parameters named like members of every object',
      'GET /?__proto__=1&Action=toString HTTP/1.1',
      'IncompleteSignature',
    ],
    ['an unknown method', 'FROB / HTTP/1.1', ''],
    ['no version', 'GET /', ''],
  ])('is answered: %s', async (_case, line, text) => {
    const sandbox = await sandboxWith();
    const answer = await exchange(sandbox, request(line, `127.0.0.1:${portOf(sandbox)}`));
    expect(statusOf(answer)).toBe(400);
    expect(answer).toContain(text);
    await expectAlive(sandbox);
  });

  it.each([
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01'],
    ['a tunnel', 'CONNECT attacker.example:443 HTTP/1.1\r\nHost: attacker.example\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
  ])('ends the connection: %s', async (_case, bytes) => {
    const sandbox = await sandboxWith();
    await exchange(sandbox, bytes);
    expect(sandbox.requests).toEqual([]);
    await expectAlive(sandbox);
  });

  it('may break off at any point', async () => {
    const sandbox = await sandboxWith({ latencyMs: 20 });
    const whole = request('POST / HTTP/1.1', `127.0.0.1:${portOf(sandbox)}`, 'Content-Length: 4').concat('body');
    for (let length = 0; length <= whole.length; length += 7) {
      const socket = connect(portOf(sandbox), '127.0.0.1');
      await once(socket, 'connect');
      socket.write(whole.slice(0, length));
      socket.resetAndDestroy();
    }
    await expectAlive(sandbox);
  });
});

describe('an answer', () => {
  it('carries the date of the clock that the sandbox was given, even where the request is turned away', async () => {
    const sandbox = await sandboxWith({ now: () => Date.UTC(2031, 4, 6, 7, 8, 9) });
    for (const host of [`127.0.0.1:${portOf(sandbox)}`, 'attacker.example'])
      expect(await exchange(sandbox, request('GET / HTTP/1.1', host))).toContain('date: Tue, 06 May 2031 07:08:09 GMT');
  });
});
