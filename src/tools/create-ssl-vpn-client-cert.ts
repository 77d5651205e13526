import { randomUUID } from 'node:crypto';
import { z } from 'zod/v3';
import { visible } from '../errors/external-text.js';
import { createSslVpnClientCert } from '../vpc/actions.js';
import { certName, clientToken, ownerAccount, regionId, sslVpnServerId } from './parameters.js';
import { certificateRef, MAX_NAME, nextSteps } from './results.js';
import { defineTool } from './tool.js';

const input = z
  .object({
    region_id: regionId,
    ssl_vpn_server_id: sslVpnServerId,
    name: certName.optional(),
    client_token: clientToken.optional(),
    owner_account: ownerAccount.optional(),
  })
  .strict();

export default defineTool({
  name: 'create_ssl_vpn_client_cert',
  title: 'Issue a VPN certificate',
  description:
    'Issues one SSL-VPN client certificate and returns its id. For several people use issue_ssl_vpn_client_certs. Safe to repeat with the client_token of a failed call.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  actions: ['CreateSslVpnClientCert'],
  input,
  output: z.object({
    certificate: certificateRef,
    request_id: z.string(),
    client_token: z.string(),
    attempts: z.number().int().optional(),
    next_steps: nextSteps,
  }),
  preview: (args) => ({ request: createRequest(args) }),
  async run(args, { vpc, budget }) {
    const request = createRequest(args);
    const { value, requestId, attempts } = await vpc.call(request, budget);
    return {
      certificate: {
        ssl_vpn_client_cert_id: value.SslVpnClientCertId,
        name: visible(value.Name ?? args.name ?? '', MAX_NAME),
        region_id: args.region_id,
        ssl_vpn_server_id: args.ssl_vpn_server_id,
      },
      request_id: requestId,
      client_token: request.parameters.ClientToken ?? '',
      ...(attempts > 1 && { attempts }),
      next_steps: ['Write the file for the person with save_ssl_vpn_client_config.'],
    };
  },
});

function createRequest(args: z.output<typeof input>) {
  return createSslVpnClientCert(args.region_id, {
    SslVpnServerId: args.ssl_vpn_server_id,
    Name: args.name,
    // Made here rather than left to the service, which takes each request for a new one otherwise.
    ClientToken: args.client_token ?? randomUUID(),
    OwnerAccount: args.owner_account,
  });
}
