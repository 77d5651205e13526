import { randomUUID } from 'node:crypto';
import { z } from 'zod/v3';
import { CallFailure, RefusedError, ServiceError } from '../errors/errors.js';
import { quoted } from '../errors/external-text.js';
import { checkServer } from '../policy.js';
import { deleteSslVpnClientCert, describeSslVpnClientCerts } from '../vpc/actions.js';
import { regionId, sslVpnClientCertId } from './parameters.js';
import { type Certificate, certificate, nextSteps, toCertificate } from './results.js';
import { defineTool, type ToolContext } from './tool.js';

export default defineTool({
  name: 'delete_ssl_vpn_client_cert',
  title: 'Revoke a VPN certificate',
  description:
    'Revokes a certificate for good once the person agrees; where the client cannot ask, confirm_name must be its present name. Drops all connections of its server for a moment.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  actions: ['DescribeSslVpnClientCerts', 'DeleteSslVpnClientCert'],
  input: z
    .object({
      region_id: regionId,
      ssl_vpn_client_cert_id: sslVpnClientCertId,
      confirm_name: z.string().max(256).describe('Present name, once the person agreed, e.g. zhang.wei').optional(),
    })
    .strict(),
  output: z.object({
    outcome: z.enum(['revoked', 'gone', 'declined', 'cancelled']),
    certificate: certificate.optional(),
    request_id: z.string().optional(),
    attempts: z.number().int().optional(),
    next_steps: nextSteps,
  }),
  request: (args) => deletion(args.region_id, args.ssl_vpn_client_cert_id),
  async run(args, context) {
    const { vpc, settings, bounds, now } = context;
    const id = args.ssl_vpn_client_cert_id;
    const { value } = await vpc.call(describeSslVpnClientCerts(args.region_id, { SslVpnClientCertId: id }, 1), bounds);
    const found = value.SslVpnClientCertKeys.find((cert) => cert.SslVpnClientCertId === id);
    if (found === undefined) return GONE;
    checkServer(found.SslVpnServerId, settings);
    const cert = toCertificate(found, args.region_id, now());
    const consent = await askForConsent(cert, args.confirm_name, context);
    if (consent !== 'accepted') {
      return {
        outcome: consent,
        certificate: cert,
        next_steps: ['Nothing was changed; do not ask again unless the person brings it up.'],
      };
    }
    const answer = await revoke(args.region_id, id, context);
    return {
      outcome: 'revoked' as const,
      certificate: cert,
      ...answer,
      next_steps: [
        'The gateway carries it out within a minute or two.',
        'Everyone connected to this server is disconnected once; those with other certificates just connect again.',
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

async function askForConsent(cert: Certificate, confirmName: string | undefined, { ask }: ToolContext) {
  if (ask !== undefined) {
    const facts = [
      `Name: ${quoted(cert.name)}`,
      `Certificate: ${cert.ssl_vpn_client_cert_id}`,
      `Server: ${cert.ssl_vpn_server_id} (${cert.region_id})`,
      `Expires: ${cert.expires_at}`,
    ];
    return ask(
      `Revoke this SSL-VPN client certificate for good? Everyone connected to its server is disconnected for a moment.\n${facts.join('\n')}`,
      'Yes, revoke it',
    );
  }
  if (confirmName === cert.name) return 'accepted';
  const wrong = confirmName === undefined ? 'needs confirm_name' : `is not named ${quoted(confirmName)}`;
  throw new RefusedError(`Not revoked: the certificate ${cert.ssl_vpn_client_cert_id} ${wrong}.`, [
    'Show the person name, server and expiry of the certificate (get_ssl_vpn_client_cert) and ask whether to revoke it.',
    'If they agree, repeat the call with confirm_name set to its present name.',
  ]);
}

function deletion(region: string, id: string) {
  return deleteSslVpnClientCert(region, { SslVpnClientCertId: id, ClientToken: randomUUID() });
}

async function revoke(region: string, id: string, { vpc, bounds }: ToolContext) {
  try {
    const { requestId, attempts } = await vpc.call(deletion(region, id), bounds);
    return { request_id: requestId, attempts };
  } catch (error) {
    // An attempt without an answer did it, and the next one found nothing left.
    const vanished =
      error instanceof CallFailure &&
      error.cause instanceof ServiceError &&
      error.cause.code === 'InvalidSslVpnClientCertId.NotFound';
    if (!vanished || error.facts.effect !== 'unknown') throw error;
    return { attempts: error.facts.attempts };
  }
}
