import { basename, dirname } from 'node:path';
import { z } from 'zod/v3';
import { RefusedError } from '../errors/errors.js';
import { quoted } from '../errors/external-text.js';
import { ask, repeat } from '../errors/steps.js';
import { type CertSummary, clientCerts } from '../vpc/actions.js';
import { REVOKED } from '../vpc/deletions.js';
import { certificateElsewhere, regionsOfCertificates } from './elsewhere.js';
import { regionId, sslVpnClientCertId } from './parameters.js';
import { certificateRef, isoTime, nextSteps, toCertificateRef } from './results.js';
import { confirms, put } from './revoke/consent.js';
import { deletion, revokeOne } from './revoke/one.js';
import { savedFileOf, uselessFiles } from './revoke/saved-file.js';
import { defineTool, type ToolContext } from './tool.js';

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
    const found = certs.find((candidate) => candidate.SslVpnClientCertId === id);
    if (found === undefined) {
      const region = (await regionsOfCertificates(args.region_id, [id], context)).get(id);
      if (region !== undefined) throw certificateElsewhere(id, args.region_id, region);
    }
    if (found === undefined || found.Status === REVOKED) return GONE;
    const consent = await askForConsent(args.region_id, found, args.confirm_name, context);
    const certificate = toCertificateRef(found, args.region_id);
    if (consent !== 'accepted') {
      return {
        outcome: consent,
        certificate,
        next_steps: ['Nothing was changed; do not ask again unless the person brings it up.'],
      };
    }
    const revocation = await revokeOne(args.region_id, { id, name: found.Name }, context);
    if (revocation.outcome === 'gone') return GONE;
    if (revocation.outcome === 'renamed') throw revocation.error;
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

async function askForConsent(
  region: string,
  cert: CertSummary,
  confirmName: string | undefined,
  context: ToolContext,
): Promise<'accepted' | 'declined' | 'cancelled'> {
  const { Name, SslVpnClientCertId: id } = cert;
  // A name that is given is held to, also where the person is asked: it may be another certificate that is meant.
  if (confirmName !== undefined && !confirms(confirmName, id, Name))
    throw unconfirmed(cert, `is not confirmed by ${quoted(confirmName)}`);
  if (context.ask === undefined) {
    if (confirmName === undefined) throw unconfirmed(cert, 'needs confirm_name');
    return 'accepted';
  }
  const facts = [
    `Name: ${quoted(Name)}`,
    `Certificate: ${quoted(id)}`,
    `Server: ${quoted(cert.SslVpnServerId)} (${region})`,
    `Expires: ${isoTime(cert.EndTime)}`,
  ];
  const question = `Revoke this SSL-VPN client certificate for good? Everyone connected to its server is disconnected for a moment.\n${facts.join('\n')}`;
  return put(question, 'Yes, revoke it', context.ask);
}

function unconfirmed({ Name, SslVpnClientCertId: id }: CertSummary, why: string): RefusedError {
  return new RefusedError(`Not revoked: the certificate ${id} ${why}.`, [
    ask(
      'Show the person name, server and expiry of the certificate (get_ssl_vpn_client_cert) and ask whether to revoke it.',
    ),
    repeat(
      `If they agree, repeat the call with confirm_name set to its present ${Name === '' ? 'id, since it has no name' : 'name'}.`,
    ),
  ]);
}
