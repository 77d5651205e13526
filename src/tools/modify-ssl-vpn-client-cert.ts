import { randomUUID } from 'node:crypto';
import { z } from 'zod/v3';
import { checkServer } from '../policy.js';
import { describeSslVpnClientCert, modifySslVpnClientCert } from '../vpc/actions.js';
import { certName, regionId, sslVpnClientCertId } from './parameters.js';
import { defineTool } from './tool.js';

export default defineTool({
  name: 'modify_ssl_vpn_client_cert',
  title: 'Rename a VPN certificate',
  description: 'Gives a certificate another name; files handed out stay valid.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  actions: ['ModifySslVpnClientCert'],
  input: z.object({ region_id: regionId, ssl_vpn_client_cert_id: sslVpnClientCertId, name: certName }).strict(),
  output: z.object({
    certificate: z.object({ ssl_vpn_client_cert_id: z.string(), name: z.string(), region_id: z.string() }),
    request_id: z.string(),
    attempts: z.number().int(),
  }),
  request,
  async run(args, { vpc, settings, bounds }) {
    if (settings.allowServers !== undefined) {
      const { value } = await vpc.call(describeSslVpnClientCert(args.region_id, args.ssl_vpn_client_cert_id), bounds);
      checkServer(value.SslVpnServerId, settings);
    }
    const { requestId, attempts } = await vpc.call(request(args), bounds);
    return {
      certificate: { ssl_vpn_client_cert_id: args.ssl_vpn_client_cert_id, name: args.name, region_id: args.region_id },
      request_id: requestId,
      attempts,
    };
  },
});

function request(args: { region_id: string; ssl_vpn_client_cert_id: string; name: string }) {
  return modifySslVpnClientCert(args.region_id, {
    SslVpnClientCertId: args.ssl_vpn_client_cert_id,
    Name: args.name,
    ClientToken: randomUUID(),
  });
}
