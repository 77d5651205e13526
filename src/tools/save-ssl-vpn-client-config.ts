import { z } from 'zod/v3';
import { externalText } from '../errors/external-text.js';
import { configFileName } from '../files/file-name.js';
import { openFolder } from '../files/private-folder.js';
import { checkedConfig } from '../openvpn/config.js';
import { checkServer } from '../policy.js';
import { fetchSslVpnClientCert } from '../vpc/actions.js';
import { regionId, sslVpnClientCertId } from './parameters.js';
import { certificate, nextSteps, toCertificate } from './results.js';
import { defineTool, type ToolContext } from './tool.js';

export const savedFile = z.object({ path: z.string(), kind: z.string(), sha256: z.string() });

export default defineTool({
  name: 'save_ssl_vpn_client_config',
  title: 'Save the VPN file',
  description:
    'Writes the .ovpn file of a certificate, key included, into the folder of this server for the person to import. Returns path and fingerprint, never the contents.',
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
    files: z.array(savedFile),
    certificate,
    subject: z.string(),
    issuer: z.string(),
    fingerprint_sha256: z.string(),
    left_out: z.array(z.string()).optional(),
    next_steps: nextSteps,
  }),
  request: (args) => fetchSslVpnClientCert(args.region_id, args.ssl_vpn_client_cert_id),
  run: (args, context) => saveConfig(args.region_id, args.ssl_vpn_client_cert_id, args.overwrite ?? false, context),
});

/** Fetches, checks and writes the file of one certificate. @throws whatever a call, a check or the disk can throw */
export async function saveConfig(region: string, id: string, overwrite: boolean, context: ToolContext) {
  const { vpc, settings, bounds, now } = context;
  const { value } = await vpc.call(fetchSslVpnClientCert(region, id), bounds);
  checkServer(value.SslVpnServerId, settings);
  const config = checkedConfig(value, now());
  const file = await openFolder(settings.outputDir).write(configFileName(value.Name, id), config.text, { overwrite });
  return {
    files: [{ path: file.path, kind: 'ovpn', sha256: file.sha256 }],
    certificate: toCertificate(value, region, now()),
    subject: externalText(config.subject, 256),
    issuer: externalText(config.issuer, 256),
    fingerprint_sha256: config.fingerprint,
    ...(config.leftOut.length > 0 && { left_out: config.leftOut }),
    next_steps: [
      'Hand the file to the person over a safe way: whoever has it can connect.',
      'They import it in OpenVPN Connect or any OpenVPN client (Windows, macOS, Linux, iOS, Android) and connect.',
    ],
  };
}
