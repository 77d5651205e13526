import { randomUUID } from 'node:crypto';
import { z } from 'zod/v3';
import { CallFailure, RefusedError, ServiceError } from '../errors/errors.js';
import { quoted, visible } from '../errors/external-text.js';
import { ask, repeat } from '../errors/steps.js';
import { clientCerts, deleteSslVpnClientCert } from '../vpc/actions.js';
import { regionId, sslVpnClientCertId } from './parameters.js';
import { type Certificate, certificate, MAX_NAME, nextSteps, toCertificate } from './results.js';
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
      confirm_name: z
        .string()
        .max(MAX_NAME)
        .describe('Its name (id if none), once the person agreed, e.g. zhang.wei')
        .optional(),
    })
    .strict(),
  output: z.object({
    outcome: z.enum(['revoked', 'gone', 'declined', 'cancelled']),
    certificate: certificate.optional(),
    request_id: z.string().optional(),
    attempts: z.number().int().optional(),
    next_steps: nextSteps,
  }),
  preview: (args) => ({ request: deletion(args.region_id, args.ssl_vpn_client_cert_id) }),
  async run(args, context) {
    const { vpc, budget, now } = context;
    const id = args.ssl_vpn_client_cert_id;
    const certs = await vpc.list(clientCerts(args.region_id, { SslVpnClientCertId: id }), budget);
    const found = certs.find((candidate) => candidate.SslVpnClientCertId === id);
    if (found === undefined) return GONE;
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

async function askForConsent(cert: Certificate, confirmName: string | undefined, context: ToolContext) {
  if (context.ask === undefined) return confirmed(cert, confirmName);
  const facts = [
    `Name: ${quoted(cert.name)}`,
    `Certificate: ${quoted(cert.ssl_vpn_client_cert_id)}`,
    `Server: ${quoted(cert.ssl_vpn_server_id)} (${cert.region_id})`,
    `Expires: ${cert.expires_at}`,
  ];
  const question = `Revoke this SSL-VPN client certificate for good? Everyone connected to its server is disconnected for a moment.\n${facts.join('\n')}`;
  const answer = await context.ask(question, 'Yes, revoke it');
  if (answer !== 'unconfirmed') return answer;
  throw new RefusedError('Not revoked: the question was accepted, but without confirm set to true in its form.', [
    ask('Ask the person again whether to revoke it, and repeat the call if they agree.'),
  ]);
}

/** The name as it was shown to the person, or the id where there is none. */
function confirmed({ name, ssl_vpn_client_cert_id: id }: Certificate, confirmName: string | undefined): 'accepted' {
  const expected = name === '' ? id : name;
  if (confirmName !== undefined && visible(confirmName, MAX_NAME) === expected) return 'accepted';
  const wrong = confirmName === undefined ? 'needs confirm_name' : `is not confirmed by ${quoted(confirmName)}`;
  throw new RefusedError(`Not revoked: the certificate ${id} ${wrong}.`, [
    ask(
      'Show the person name, server and expiry of the certificate (get_ssl_vpn_client_cert) and ask whether to revoke it.',
    ),
    repeat(
      `If they agree, repeat the call with confirm_name set to its present ${name === '' ? 'id, since it has no name' : 'name'}.`,
    ),
  ]);
}

function deletion(region: string, id: string) {
  return deleteSslVpnClientCert(region, { SslVpnClientCertId: id, ClientToken: randomUUID() });
}

async function revoke(region: string, id: string, { vpc, budget }: ToolContext) {
  try {
    const { requestId, attempts } = await vpc.call(deletion(region, id), budget);
    return { request_id: requestId, ...(attempts > 1 && { attempts }) };
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
