import { randomUUID } from 'node:crypto';
import { z } from 'zod/v3';
import { modifySslVpnClientCert } from '../vpc/actions.js';
import { certName, regionId, sslVpnClientCertId } from './parameters.js';
import { defineTool } from './tool.js';

const input = z.object({ region_id: regionId, ssl_vpn_client_cert_id: sslVpnClientCertId, name: certName }).strict();

export default defineTool({
  name: 'modify_ssl_vpn_client_cert',
  title: 'Rename a VPN certificate',
  description: 'Renames a certificate; files handed out stay valid.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  actions: ['ModifySslVpnClientCert'],
  input,
  output: z.object({
    certificate: z.object({ ssl_vpn_client_cert_id: z.string(), name: z.string(), region_id: z.string() }),
    request_id: z.string(),
    attempts: z.number().int().optional(),
  }),
  preview: (args) => ({ request: modifyRequest(args) }),
  async run(args, { vpc, budget }) {
    const { requestId, attempts } = await vpc.call(modifyRequest(args), budget);
    return {
      certificate: { ssl_vpn_client_cert_id: args.ssl_vpn_client_cert_id, name: args.name, region_id: args.region_id },
      request_id: requestId,
      ...(attempts > 1 && { attempts }),
    };
  },
});

function modifyRequest(args: z.output<typeof input>) {
  return modifySslVpnClientCert(args.region_id, {
    SslVpnClientCertId: args.ssl_vpn_client_cert_id,
    Name: args.name,
    ClientToken: randomUUID(),
  });
}
