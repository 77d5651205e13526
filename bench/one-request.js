/** CreateSslVpnClientCert signed as by this server and sent by undici alone: what any server has to do. */
import { randomUUID } from 'node:crypto';
import { Agent } from 'undici';
import { evaluate } from '../scripts/evaluate.js';

const { sign, canonicalQuery } = await evaluate('src/vpc/signature.ts');

/** @param {{ url: string, accessKeyId: string, accessKeySecret: string }} cloud */
export function openRequester({ url, accessKeyId, accessKeySecret }) {
  const agent = new Agent({ connections: 128 });
  return {
    /** @param {Record<string, string>} args of the tool @returns {Promise<string>} the body of the answer */
    async create({ region_id, ssl_vpn_server_id, name, client_token }) {
      const query = { RegionId: region_id, SslVpnServerId: ssl_vpn_server_id, Name: name, ClientToken: client_token };
      /** @type {Record<string, string>} */
      const headers = {
        host: new URL(url).host,
        'x-acs-action': 'CreateSslVpnClientCert',
        'x-acs-version': '2016-04-28',
        'x-acs-date': `${new Date().toISOString().slice(0, 19)}Z`,
        'x-acs-signature-nonce': randomUUID(),
        'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        accept: 'application/json',
      };
      const parts = { method: 'POST', path: '/', query, headers, body: '' };
      headers.authorization = sign(parts, accessKeyId, accessKeySecret).authorization;
      const answer = await agent.request({
        origin: url,
        path: `/?${canonicalQuery(query)}`,
        method: 'POST',
        headers,
      });
      return answer.body.text();
    },
    close: () => agent.close(),
  };
}

/** To the cloud that the environment names, as it does for this server. */
export function requesterOfEnvironment() {
  const {
    ALIBABA_CLOUD_VPC_ENDPOINT: url = '',
    ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId = '',
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret = '',
  } = process.env;
  return openRequester({ url, accessKeyId, accessKeySecret });
}
