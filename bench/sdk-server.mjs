/** A peer: the least server that issues a certificate with the SDKs as they come, McpServer and the official VPC SDK. */
import * as $OpenApi from '@alicloud/openapi-client';
import VpcModule from '@alicloud/vpc20160428';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod/v3';

const { default: Vpc, CreateSslVpnClientCertRequest } = VpcModule;
const {
  ALIBABA_CLOUD_VPC_ENDPOINT = 'https://vpc.aliyuncs.com',
  ALIBABA_CLOUD_ACCESS_KEY_ID = 'i',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET = 's',
} = process.env;
const { protocol, host } = new URL(ALIBABA_CLOUD_VPC_ENDPOINT);
const client = new Vpc(
  new $OpenApi.Config({
    accessKeyId: ALIBABA_CLOUD_ACCESS_KEY_ID,
    accessKeySecret: ALIBABA_CLOUD_ACCESS_KEY_SECRET,
    endpoint: host,
    protocol: protocol.replace(':', ''),
  }),
);
const server = new McpServer({ name: 'sdk-server', version: '1.0.0' });
server.registerTool(
  'create_ssl_vpn_client_cert',
  {
    description: 'Creates a certificate',
    inputSchema: { region_id: z.string(), ssl_vpn_server_id: z.string(), name: z.string().optional() },
  },
  async ({ region_id, ssl_vpn_server_id, name }) => {
    const request = new CreateSslVpnClientCertRequest({ regionId: region_id, sslVpnServerId: ssl_vpn_server_id, name });
    const { body } = await client.createSslVpnClientCert(request);
    return { content: [{ type: 'text', text: JSON.stringify(body) }] };
  },
);
await server.connect(new StdioServerTransport());
