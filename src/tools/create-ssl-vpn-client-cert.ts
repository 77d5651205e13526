import { randomUUID } from 'node:crypto';
import { z } from 'zod/v3';
import { createSslVpnClientCert } from '../vpc/actions.js';
import { certName, clientToken, ownerAccount, regionId, sslVpnServerId } from './parameters.js';
import { certificateRef, nextSteps } from './results.js';
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
    'Issues one SSL-VPN client certificate and returns its id. For several people use issue_ssl_vpn_client_certs. Safe to repeat with the client_token of a failed try.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  actions: ['CreateSslVpnClientCert'],
  input,
  output: z.object({
    certificate: certificateRef,
    request_id: z.string(),
    client_token: z.string(),
    attempts: z.number().int(),
    next_steps: nextSteps,
  }),
  request,
  async run(args, { vpc, bounds }) {
    const create = request(args);
    const { value, requestId, attempts } = await vpc.call(create, bounds);
    return {
      certificate: {
        ssl_vpn_client_cert_id: value.SslVpnClientCertId,
        name: value.Name ?? args.name ?? '',
        region_id: args.region_id,
        ssl_vpn_server_id: args.ssl_vpn_server_id,
      },
      request_id: requestId,
      client_token: create.parameters.ClientToken ?? '',
      attempts,
      next_steps: ['Write the file for the person with save_ssl_vpn_client_config.'],
    };
  },
});

function request(args: z.output<typeof input>) {
  return createSslVpnClientCert(args.region_id, {
    SslVpnServerId: args.ssl_vpn_server_id,
    Name: args.name,
    // Made here rather than left to the service, which takes each request for a new one otherwise.
    ClientToken: args.client_token ?? randomUUID(),
    OwnerAccount: args.owner_account,
  });
}
