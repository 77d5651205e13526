/** CreateSslVpnClientCert for a tool's arguments, signed as by this server and sent by undici: what any server has to do. */
import { randomUUID } from 'node:crypto';
import { Agent } from 'undici';
import { evaluate } from '../scripts/evaluate.js';

const { sign, canonicalQuery } = await evaluate('src/vpc/signature.ts');
const { ALIBABA_CLOUD_VPC_ENDPOINT = '', ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET } = process.env;
const agent = new Agent({ connections: 128 });

/** @param {Record<string, string>} args @returns {Promise<string>} the body of the answer */
export async function create({ region_id, ssl_vpn_server_id, name, client_token }) {
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
  return answer.body.text();
}
