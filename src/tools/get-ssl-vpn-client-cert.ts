import { z } from 'zod/v3';
import { checkServer } from '../policy.js';
import { describeSslVpnClientCert } from '../vpc/actions.js';
import { regionId, sslVpnClientCertId } from './parameters.js';
import { certificate, toCertificate } from './results.js';
import { defineTool } from './tool.js';

export default defineTool({
  name: 'get_ssl_vpn_client_cert',
  title: 'Show a VPN certificate',
  description:
    'Shows one certificate: name, server, status, expiry. Never the key; save_ssl_vpn_client_config writes the file.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  actions: ['DescribeSslVpnClientCert'],
  input: z.object({ region_id: regionId, ssl_vpn_client_cert_id: sslVpnClientCertId }).strict(),
  output: z.object({ certificate }),
  async run(args, { vpc, settings, bounds, now }) {
    const { value } = await vpc.call(describeSslVpnClientCert(args.region_id, args.ssl_vpn_client_cert_id), bounds);
    checkServer(value.SslVpnServerId, settings);
    return { certificate: toCertificate(value, args.region_id, now()) };
  },
});
