/** What those who run `http` rely on: bounds for everybody, an end without a loss, ids in the log, metrics. */
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { closeAll, LONG_MS, REGION, SERVER, sandboxWith } from '../support/client.js';
import { CERT_ID, closeHostile, ENVIRONMENT, hostileCloud } from '../support/hostile-cloud.js';
import {
  closeHttp,
  connect,
  type HttpServer,
  logged,
  post,
  type RawAnswer,
  rawPost,
  serveHttp,
  TOKEN,
} from '../support/http.js';
import { AUDIENCE, closeIssuers, openIssuer } from '../support/issuer.js';

const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await closeHttp();
  await closeHostile();
  await closeIssuers();
  await closeAll();
});

const where = { region_id: REGION, ssl_vpn_server_id: SERVER };
const call = (name: string, args: object, _meta: object = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: args, _meta },
});
const LIST_REGIONS = call('list_regions', {});
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function against(options: Parameters<typeof sandboxWith>[0], args: readonly string[] = []) {
  const sandbox = await sandboxWith(options);
  const server = await serveHttp(args, {
    ALIBABA_CLOUD_VPC_ENDPOINT: sandbox.url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: sandbox.credentials.accessKeySecret,
    ALIBABA_CLOUD_REGION_ID: REGION,
  });
  return { sandbox, server };
}

describe('bounds', () => {
  it('one person has a share of the calls, and the others have theirs', async () => {
    const issuer = await openIssuer();
    let waiting: (() => void)[] | undefined = [];
    const cloud = await hostileCloud(() => (_request, response) => {
      const answer = () => void response.end(JSON.stringify({ RequestId: 'R', Regions: { Region: [] } }));
      if (waiting === undefined) answer();
      else waiting.push(answer);
    });
    const server = await serveHttp(['--oauth-issuer', issuer.url, '--oauth-audience', AUDIENCE], {
      ...ENVIRONMENT,
      ALIBABA_CLOUD_VPC_ENDPOINT: cloud.url,
      ALIBABA_CLOUD_REGION_ID: REGION,
    });
    const [anna, clara] = await Promise.all(['anna', 'clara'].map((sub) => issuer.token({ sub })));
    const refused: RawAnswer[] = [];
    const as = async (token = '') => {
      const answer = await post(server, LIST_REGIONS, { authorization: `Bearer ${token}` });
      if (answer.status === 429) refused.push(answer);
      return answer;
    };
    const many = Promise.all(Array.from({ length: 130 }, () => as(anna)));
    while (refused.length < 30 || waiting.length < 100) await sleep(20);
    const other = as(clara);
    while (waiting.length < 101) await sleep(20);
    for (const answer of waiting) answer();
    waiting = undefined;
    expect((await other).status).toBe(200);
    const answers = await many;
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
    expect(refused).toHaveLength(30);
    expect(refused.every(({ headers }) => Number(headers['retry-after']) >= 1)).toBe(true);
    expect((await as(anna)).status).toBe(200);
  });

  it('clients that never end their requests do not keep the others out of what health says, nor out for good', async () => {
    const server = await serveHttp(['--sandbox']);
    const { host, port } = new URL(server.url);
    const head = `POST /mcp HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${TOKEN}\r\ncontent-type: application/json\r\naccept: application/json, text/event-stream\r\ncontent-length: 99\r\n\r\n{`;
    const begin = async (): Promise<void> => {
      const socket = connectSocket(Number(port), '127.0.0.1');
      sockets.push(socket.on('error', () => {}));
      socket.write(head);
      await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {});
    };
    let answer = await post(server, LIST_REGIONS);
    while (answer.status === 200) {
      // As many as wait to be accepted, and more than are given up meanwhile.
      await Promise.all(Array.from({ length: 100 }, begin));
      answer = await post(server, LIST_REGIONS);
    }
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    for (const socket of sockets.splice(0)) socket.destroy();
    while ((await post(server, LIST_REGIONS)).status !== 200) await sleep(20);
  });

  it('headers have a size', async () => {
    const server = await serveHttp(['--sandbox']);
    const authorization = `Bearer ${TOKEN}`;
    expect(await rawPost(server, '{}', { authorization, 'x-large': 'x'.repeat(20_000) })).toBe(431);
  });
});

describe('the end', () => {
  it('waits for the calls that are under way and takes no more', async () => {
    let answer = (): void => {};
    const cloud = await hostileCloud(() => (_request, response) => {
      answer = () => void response.end(JSON.stringify({ RequestId: 'R', SslVpnClientCertId: CERT_ID }));
    });
    const server = await serveHttp([], { ...ENVIRONMENT, ALIBABA_CLOUD_VPC_ENDPOINT: cloud.url });
    const underWay = post(server, call('create_ssl_vpn_client_cert', { ...where, name: 'anna' }));
    while (cloud.asked.length === 0) await sleep(10);
    server.child.kill('SIGTERM');
    while (!server.stderr().includes('leaving')) await sleep(10);
    await expect(post(server, LIST_REGIONS)).rejects.toThrow();
    answer();
    const [[code], { status, body }] = await Promise.all([once(server.child, 'exit'), underWay]);
    expect(status).toBe(200);
    expect(body).toContain('ssl_vpn_client_cert_id');
    expect(code).toBe(0);
  });
});

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const OTHER_TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';

describe('the log', () => {
  const calls = (server: HttpServer) => logged(server).filter(({ message }) => message === 'tool call');

  it('ties a call to its request and to the trace that it is part of', async () => {
    const server = await serveHttp(['--sandbox']);
    const given = { 'x-request-id': '5f2b7c31aa0e4e6f9d0b', traceparent: TRACE };
    const { headers } = await post(server, LIST_REGIONS, given);
    expect(headers['x-request-id']).toBe(given['x-request-id']);
    await post(server, call('list_regions', {}, { traceparent: OTHER_TRACE }), given);
    // Lines may come after the answer.
    while (calls(server).length < 2) await sleep(10);
    expect(calls(server)).toMatchObject([
      { http_request_id: given['x-request-id'], traceparent: TRACE },
      { http_request_id: given['x-request-id'], traceparent: OTHER_TRACE },
    ]);
  });

  it('makes an id where none came, and takes neither an id nor a trace that is none', async () => {
    const server = await serveHttp(['--sandbox']);
    const wrong = { 'x-request-id': 'short "and" quoted', traceparent: `${TRACE} more` };
    for (const given of [{}, wrong])
      await post(server, call('list_regions', {}, { traceparent: 'no trace' }), given as Record<string, string>);
    while (calls(server).length < 2) await sleep(10);
    for (const line of calls(server)) {
      expect(line.http_request_id).toMatch(/^[0-9a-f-]{36}$/);
      expect(line).not.toHaveProperty('traceparent');
    }
  });
});

describe('the metrics', () => {
  /** Each sample with its value, its labels in the order in which they stand. */
  async function samples(server: HttpServer): Promise<Map<string, number>> {
    const { url } = logged(server).find(({ message }) => message === 'metrics') ?? {};
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toContain('version=0.0.4');
    const text = await response.text();
    for (const secret of [TOKEN, 'anna', 'vsc-']) expect(text).not.toContain(secret);
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(
      lines.map((line) => {
        const [, name = '', value = ''] = /^([a-z_]+(?:\{[^}]*\})?) (\S+)$/.exec(line) ?? [];
        expect(name, line).not.toBe('');
        return [name, Number(value)];
      }),
    );
  }

  it('count calls, attempts, links, batches and refusals', async () => {
    let throttle = true;
    const { server } = await against(
      {
        fault({ action }) {
          const hit = throttle && action === 'DescribeRegions';
          if (hit) throttle = false;
          return hit ? 'throttled' : undefined;
        },
      },
      ['--metrics-port', '0'],
    );
    const client = await connect('sdk 1', server);
    await client.call('list_regions');
    const { link } = await client.call('create_ssl_vpn_client_cert', { ...where, name: 'anna', save_config: true });
    await fetch(`${link.url}/file`, { method: 'POST' });
    await client.call('issue_ssl_vpn_client_certs', { ...where, names: ['anna', 'clara'] });
    await client.call('get_ssl_vpn_client_cert', { region_id: REGION, ssl_vpn_client_cert_id: 'vsc-nowhere' });
    await post(server, call('no_such_tool', {}));
    await post(server, LIST_REGIONS, { authorization: 'Bearer another-token-0123456789' });
    await rawPost(server, '{}', { host: 'elsewhere.example.com' });
    const expected = {
      'ssl_vpn_mcp_tool_calls_total{tool="list_regions",outcome="ok"}': 1,
      'ssl_vpn_mcp_tool_calls_total{tool="create_ssl_vpn_client_cert",outcome="ok"}': 1,
      'ssl_vpn_mcp_tool_calls_total{tool="get_ssl_vpn_client_cert",outcome="not_found"}': 1,
      'ssl_vpn_mcp_tool_calls_total{tool="unknown",outcome="invalid_input"}': 1,
      'ssl_vpn_mcp_api_attempts_total{action="DescribeRegions",outcome="throttled"}': 1,
      'ssl_vpn_mcp_api_attempts_total{action="CreateSslVpnClientCert",outcome="ok"}': 2,
      'ssl_vpn_mcp_batches_total{complete="true"}': 1,
      ssl_vpn_mcp_links_made_total: 1,
      'ssl_vpn_mcp_links_used_total{by="link"}': 1,
      'ssl_vpn_mcp_sign_ins_refused_total{reason="another token"}': 1,
      'ssl_vpn_mcp_requests_refused_total{reason="host"}': 1,
      'mcp_server_operation_duration_seconds_count{mcp_method_name="initialize",network_transport="tcp"}': 1,
      'mcp_server_operation_duration_seconds_count{mcp_method_name="tools/call",gen_ai_tool_name="list_regions",gen_ai_operation_name="execute_tool",network_transport="tcp"}': 1,
    };
    // They are counted by the log, whose lines may come after the answer.
    const seen = await vi.waitFor(async () => {
      const now = await samples(server);
      for (const [name, value] of Object.entries(expected)) expect(now.get(name), name).toBe(value);
      return now;
    }, LONG_MS);
    const failed =
      'mcp_server_operation_duration_seconds_bucket{mcp_method_name="tools/call",gen_ai_tool_name="get_ssl_vpn_client_cert",gen_ai_operation_name="execute_tool",network_transport="tcp",error_type="tool_error",le="+Inf"}';
    expect(seen.get(failed)).toBe(1);
  });

  it('are shown to this machine alone', async () => {
    const server = await serveHttp(['--sandbox', '--metrics-port', '0']);
    const { url } = logged(server).find(({ message }) => message === 'metrics') ?? {};
    expect(new URL(url).hostname).toBe('127.0.0.1');
    const to = { url: new URL(url).origin };
    expect(await rawPost(to, '', { host: 'elsewhere.example.com' }, '/metrics', 'GET')).toBe(403);
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
  });
});
