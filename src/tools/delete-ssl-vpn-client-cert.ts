import { basename, dirname } from 'node:path';
import { z } from 'zod/v3';
import { type CertSummary, clientCerts } from '../vpc/actions.js';
import { notRevoked } from '../vpc/deletions.js';
import { certificateElsewhere, regionsOfCertificates } from './elsewhere.js';
import { regionId, sslVpnClientCertId } from './parameters.js';
import { certificateRef, nextSteps, toCertificateRef } from './results.js';
import { consentTo } from './revoke/consent.js';
import { deletion, MINUTES_EACH, revokeOne } from './revoke/one.js';
import { savedFileOf, uselessFiles } from './revoke/saved-file.js';
import { defineTool } from './tool.js';

export default defineTool({
  name: 'delete_ssl_vpn_client_cert',
  title: 'Revoke a VPN certificate',
  description:
    'Revokes a certificate for good, once the person agrees. Everyone on its server is disconnected for a moment. For several: revoke_ssl_vpn_client_certs.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  actions: ['DescribeSslVpnClientCerts', 'DeleteSslVpnClientCert'],
  input: z
    .object({
      region_id: regionId,
      ssl_vpn_client_cert_id: sslVpnClientCertId,
      confirm_name: z.string().describe('Its name (id if none), once agreed, e.g. zhang.wei').optional(),
    })
    .strict(),
  output: z.object({
    outcome: z.enum(['revoked', 'gone', 'declined', 'cancelled']),
    certificate: certificateRef.optional(),
    file: z.string().optional(),
    request_id: z.string().optional(),
    attempts: z.number().int().optional(),
    next_steps: nextSteps,
  }),
  preview: (args) => ({ request: deletion(args.region_id, args.ssl_vpn_client_cert_id) }),
  async run(args, context) {
    const { vpc, budget } = context;
    const id = args.ssl_vpn_client_cert_id;
    const certs = await vpc.list(clientCerts(args.region_id, { SslVpnClientCertId: id }), budget);
    const isWanted = (cert: CertSummary): boolean => cert.SslVpnClientCertId === id;
    const found = notRevoked(certs).find(isWanted);
    if (!certs.some(isWanted)) {
      const region = (await regionsOfCertificates(args.region_id, [id], context)).get(id);
      if (region !== undefined) throw certificateElsewhere(id, args.region_id, region);
    }
    if (found === undefined) return GONE;
    const { answer, names } = await consentTo(
      {
        region: args.region_id,
        certs: [found],
        minutes: MINUTES_EACH,
        argument: 'confirm_name',
        ids: [id],
        texts: args.confirm_name === undefined ? undefined : [args.confirm_name],
      },
      context,
    );
    const certificate = toCertificateRef(found, args.region_id);
    if (answer !== 'accepted') {
      return {
        outcome: answer,
        certificate,
        next_steps: ['Nothing was changed; do not ask again unless the person brings it up.'],
      };
    }
    const revocation = await revokeOne(args.region_id, { id, name: names.get(id) ?? found.Name }, context);
    if (revocation.outcome === 'renamed') throw revocation.error;
    await context.consents.end(args.region_id, [id]);
    if (revocation.outcome === 'gone') return GONE;
    const { requestId, attempts } = revocation;
    const file = await savedFileOf(found.Name, id, context);
    return {
      outcome: 'revoked' as const,
      certificate,
      ...(file !== undefined && { file: basename(file) }),
      ...(requestId !== undefined && { request_id: requestId }),
      ...(attempts > 1 && { attempts }),
      next_steps: [
        'The gateway carries it out within a minute or two; the others just connect again.',
        ...(file !== undefined ? [uselessFiles(dirname(file))] : []),
      ],
    };
  },
});

const GONE = {
  outcome: 'gone' as const,
  next_steps: [
    'This region has no certificate with this id: if it was revoked before, there is nothing left to do.',
    'If it should exist, look for it with list_ssl_vpn_client_certs: id or region may be wrong.',
  ],
};
