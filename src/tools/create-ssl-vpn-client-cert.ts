import { randomUUID } from 'node:crypto';
import { z } from 'zod/v3';
import { visible } from '../errors/external-text.js';
import { createSslVpnClientCert } from '../vpc/actions.js';
import { certName, clientToken, ownerAccount, regionId, sslVpnServerId } from './parameters.js';
import { certificateRef, MAX_NAME, nextSteps } from './results.js';
import { checkHandOver, handOverSteps, inOneLine, link, saveConfig } from './saved-config.js';
import { defineTool, type ToolContext } from './tool.js';

const input = z
  .object({
    region_id: regionId,
    ssl_vpn_server_id: sslVpnServerId,
    name: certName.optional(),
    client_token: clientToken.optional(),
    owner_account: ownerAccount.optional(),
    save_config: z.boolean().describe('Write the .ovpn file too, e.g. true').optional(),
  })
  .strict();

export default defineTool({
  name: 'create_ssl_vpn_client_cert',
  title: 'Issue a VPN certificate',
  description:
    'Issues one SSL-VPN client certificate, a second one if the name has one; save_config writes its file. Several people: issue_ssl_vpn_client_certs.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  actions: ['CreateSslVpnClientCert'],
  input,
  output: z.object({
    certificate: certificateRef,
    request_id: z.string(),
    client_token: z.string(),
    attempts: z.number().int().optional(),
    file: z.string().optional(),
    link: link.optional(),
    file_error: z.string().optional(),
    left_out: z.array(z.string()).optional(),
    next_steps: nextSteps,
  }),
  preview: (args) => ({
    request: createRequest(args),
    ...(args.save_config && { followedBy: ['DescribeSslVpnClientCert'] }),
  }),
  async run(args, context) {
    if (args.save_config) await checkHandOver(context);
    const { vpc, budget } = context;
    const request = createRequest(args);
    const { value, requestId, attempts } = await vpc.call(request, budget);
    const saved = args.save_config ? await savedConfig(args.region_id, value.SslVpnClientCertId, context) : undefined;
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
      ...saved?.result,
      next_steps: saved?.nextSteps ?? [SAVE],
    };
  },
});

const SAVE = 'Write the file for the person with save_ssl_vpn_client_config.';

/** The certificate is there, whatever becomes of its file. */
async function savedConfig(regionId: string, certificateId: string, context: ToolContext) {
  try {
    const { handed, config } = await saveConfig(regionId, certificateId, false, context);
    const where = 'file' in handed ? { file: handed.file.path } : handed;
    const result = { ...where, ...(config.leftOut.length > 0 && { left_out: config.leftOut }) };
    return { result, nextSteps: handOverSteps(handed) };
  } catch (error) {
    return { result: { file_error: inOneLine(error) } };
  }
}

function createRequest(args: z.output<typeof input>) {
  return createSslVpnClientCert(args.region_id, {
    SslVpnServerId: args.ssl_vpn_server_id,
    Name: args.name,
    // Made here rather than left to the service, which takes each request for a new one otherwise.
    ClientToken: args.client_token ?? randomUUID(),
    OwnerAccount: args.owner_account,
  });
}
