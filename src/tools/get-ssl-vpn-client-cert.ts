import { z } from 'zod/v3';
import { describeSslVpnClientCert } from '../vpc/actions.js';
import { regionId, sslVpnClientCertId } from './parameters.js';
import { certificate, toCertificate } from './results.js';
import { defineTool } from './tool.js';

export default defineTool({
  name: 'get_ssl_vpn_client_cert',
  title: 'Show a VPN certificate',
  description: 'Shows one certificate: name, server, status, expiry; never the key.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  actions: ['DescribeSslVpnClientCert'],
  input: z.object({ region_id: regionId, ssl_vpn_client_cert_id: sslVpnClientCertId }).strict(),
  output: z.object({ certificate }),
  preview: (args) => ({ request: describeSslVpnClientCert(args.region_id, args.ssl_vpn_client_cert_id) }),
  async run(args, { vpc, budget, now }) {
    const { value } = await vpc.call(describeSslVpnClientCert(args.region_id, args.ssl_vpn_client_cert_id), budget);
    return { certificate: toCertificate(value, args.region_id, now()) };
  },
});
