/** Ten thousand answers that are not quite answers: never a crash, a hang, a leak, or a success without a certificate. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { CallFailure } from '../../src/errors/errors.js';
import { explain } from '../../src/errors/explain.js';
import { clientOf, closeAll, create, LONG_MS, ONE_ATTEMPT, within } from '../support/client.js';
import { randomFrom } from '../support/random.js';

const servers: Server[] = [];
afterEach(async () => {
  await closeAll();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function answering(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_request, response) => answer(response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function memoryInUse(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const SUCCESS = {
  RequestId: '606998F0-B94D-48FE-8316-ACA81BB230DA',
  Name: 'joiner',
  SslVpnClientCertId: 'vsc-m5euof6s5jy8vs5kd',
};
const ERROR = {
  RequestId: '606998F0',
  HostId: 'vpc.aliyuncs.com',
  Code: 'Resource.QuotaFull',
  Message: 'The quota of resource is full',
  Recommend: 'https://api.alibabacloud.com/x',
};
const xml = (root: string, fields: object): string =>
  `<?xml version="1.0"?><${root}>${Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</${root}>`;
const VALID = [
  JSON.stringify(SUCCESS),
  JSON.stringify(ERROR),
  xml('CreateSslVpnClientCertResponse', SUCCESS),
  xml('Error', ERROR),
];
const ODD = ['null', '[]', '{}', '0', '""', '-1e999', '[[]]', '{"a":{}}', 'true', '"\\ud800"', '"\\u0000"'];

function mangled(random: () => number): { status: number; body: Buffer; headers: Record<string, string> } {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  let text = pick(VALID);
  const at = (): number => Math.floor(random() * text.length);
  switch (Math.floor(random() * 8)) {
    case 0:
      text = text.slice(0, at());
      break;
    case 1:
      text = text.replace(/"[^"]*"(?=[,}])/g, (value) => (random() < 0.4 ? pick(ODD) : value));
      break;
    case 2: {
      const from = at();
      text = text.slice(0, from) + text.slice(from + Math.floor(random() * 20));
      break;
    }
    case 3:
      text = `${pick(['[', '{"a":', '<a>'])}`.repeat(1 + Math.floor(random() * 5_000)) + text;
      break;
    case 4:
      text = `<!DOCTYPE x [<!ENTITY a "${'b'.repeat(50)}">${'<!ENTITY c "&a;&a;&a;">'.repeat(5)}]>${text.replace('joiner', '&c;')}`;
      break;
    case 5:
      text = pick([
        '',
        ' ',
        '\uFEFF',
        '<html>',
        'null',
        '<',
        '{',
        '<Error/>',
        '<Error></Error>',
        '<XResponse>',
        ...ODD,
      ]);
      break;
    case 6:
      text = text.replace(
        /SslVpnClientCertId/g,
        pick(['sslVpnClientCertId', 'SslVpnClientCertID', '__proto__', 'constructor', '']),
      );
      break;
  }
  const body = Buffer.from(text);
  for (let flips = Math.floor(random() * 4); flips > 0 && body.length > 0; flips -= 1) {
    const place = Math.floor(random() * body.length);
    body[place] = (body[place] ?? 0) ^ (1 << Math.floor(random() * 8));
  }
  return {
    status: pick([200, 200, 200, 201, 204, 400, 403, 404, 500, 502, 503]),
    body,
    headers: pick([
      {},
      { 'content-type': 'text/html' },
      { 'retry-after': 'soon' },
      { date: 'never' },
      { 'content-encoding': 'gzip' },
      { 'x-acs-request-id': '\u00ff'.repeat(300) },
    ] as Record<string, string>[]),
  };
}

describe('answers that are not quite answers', () => {
  it('ten thousand mangled ones', async () => {
    const random = randomFrom(20_261_124);
    const url = await answering((response) => {
      const { status, body, headers } = mangled(random);
      response.writeHead(status, headers).end(body);
    });
    const client = await clientOf(url, { random: () => 0.01 });
    const before = memoryInUse();
    let answered = 0;
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < 10_000) {
        const token = `t-${next++}`;
        // Time for a few attempts where one is worth it.
        const outcome = await client.call(create('joiner', token), within(300)).catch((error: unknown) => error);
        answered += 1;
        if (outcome instanceof CallFailure) {
          const explained = explain(outcome);
          expect(explained.code.length).toBeGreaterThan(0);
          expect(explained.explanation).not.toBe('');
          expect(explained.code).not.toBe('Client.Internal');
        } else {
          expect(outcome).toMatchObject({ value: { SslVpnClientCertId: expect.stringMatching(/./) } });
        }
      }
    };
    await Promise.all(Array.from({ length: 40 }, worker));
    expect(answered).toBe(10_000);
    // Server and client are both in here, so what is held against the limit is what both still keep.
    expect(memoryInUse() - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('bodies of 50 MB: not kept, and the connection is given up', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const url = await answering((response) => {
      let left = 50;
      const write = (): void => {
        while (left > 0 && !response.destroyed) {
          left -= 1;
          if (!response.write(chunk)) {
            response.once('drain', write);
            return;
          }
        }
        response.end();
      };
      write();
    });
    const client = await clientOf(url, ONE_ATTEMPT);
    const before = memoryInUse();
    for (let index = 0; index < 5; index += 1) {
      const error = await client
        .call(create('joiner', `t${index}`), within(LONG_MS))
        .catch((thrown: unknown) => thrown);
      expect(explain(error)).toMatchObject({ code: 'Client.MalformedResponse', effect: 'unknown' });
    }
    expect(memoryInUse() - before).toBeLessThan(100 * 1024 * 1024);
  });

  it.each(['[', '{"a":', '<a>'])('half a million of %j inside one another', async (opening) => {
    const url = await answering((response) => response.end(opening.repeat(500_000)));
    const client = await clientOf(url, ONE_ATTEMPT);
    const error = await client.call(create('joiner', 't'), within(LONG_MS)).catch((thrown: unknown) => thrown);
    expect(explain(error).code).toBe('Client.MalformedResponse');
  });
});
