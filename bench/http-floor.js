/** The least that a server over HTTP can be that does the same: node:http, and one request signed the same by undici. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Agent } from 'undici';
import { evaluate } from '../scripts/evaluate.js';

const { sign, canonicalQuery } = await evaluate('src/vpc/signature.ts');
const { ALIBABA_CLOUD_VPC_ENDPOINT = '', ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET } = process.env;
const agent = new Agent({ connections: 128 });

const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  const { id, params } = JSON.parse(text);
  const { region_id, ssl_vpn_server_id, name, client_token } = params.arguments;
  const query = { RegionId: region_id, SslVpnServerId: ssl_vpn_server_id, Name: name, ClientToken: client_token };
  /** @type {Record<string, string>} */
  const headers = {
    host: new URL(ALIBABA_CLOUD_VPC_ENDPOINT).host,
    'x-acs-action': 'CreateSslVpnClientCert',
    'x-acs-version': '2016-04-28',
    'x-acs-date': `${new Date().toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    accept: 'application/json',
  };
  const parts = { method: 'POST', path: '/', query, headers, body: '' };
  headers.authorization = sign(parts, ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET).authorization;
  const answer = await agent.request({
    origin: ALIBABA_CLOUD_VPC_ENDPOINT,
    path: `/?${canonicalQuery(query)}`,
    method: 'POST',
    headers,
  });
  const result = { content: [{ type: 'text', text: await answer.body.text() }] };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
});
server.listen(Number(process.argv[2]), '127.0.0.1');
