import { z } from 'zod/v3';
import { fetchSslVpnClientCert } from '../vpc/actions.js';
import { regionId, sslVpnClientCertId } from './parameters.js';
import { certificate, nextSteps, toCertificate } from './results.js';
import { handOverSteps, link, saveConfig, savedFile } from './saved-config.js';
import { defineTool } from './tool.js';

export default defineTool({
  name: 'save_ssl_vpn_client_config',
  title: 'Save the VPN file',
  description:
    'Writes the .ovpn file of a certificate, key included, for the person to import; returns its path, never its contents.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  actions: ['DescribeSslVpnClientCert'],
  input: z
    .object({
      region_id: regionId,
      ssl_vpn_client_cert_id: sslVpnClientCertId,
      overwrite: z.boolean().describe('Replace a file that exists, e.g. true').optional(),
    })
    .strict(),
  output: z.object({
    files: z.array(savedFile).optional(),
    links: z.array(link).optional(),
    certificate,
    fingerprint_sha256: z.string(),
    left_out: z.array(z.string()).optional(),
    next_steps: nextSteps,
  }),
  preview: (args) => ({ request: fetchSslVpnClientCert(args.region_id, args.ssl_vpn_client_cert_id) }),
  async run({ region_id, ssl_vpn_client_cert_id, overwrite = false }, context) {
    const { handed, config, certificate } = await saveConfig(region_id, ssl_vpn_client_cert_id, overwrite, context);
    return {
      ...('file' in handed ? { files: [{ ...handed.file, kind: 'ovpn' }] } : { links: [handed.link] }),
      certificate: toCertificate(certificate, region_id, context.now()),
      fingerprint_sha256: config.fingerprint,
      ...(config.leftOut.length > 0 && { left_out: config.leftOut }),
      next_steps: handOverSteps(handed),
    };
  },
});
