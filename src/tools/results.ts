/** Parts of results that several tools share. */
import { z } from 'zod/v3';
import { visible } from '../errors/external-text.js';
import type { CertSummary } from '../vpc/actions.js';

export const certificateRef = z.object({
  ssl_vpn_client_cert_id: z.string(),
  name: z.string(),
  region_id: z.string(),
  ssl_vpn_server_id: z.string(),
});

/** What the service calls a certificate by the time that is left of it. Source: API reference of DescribeSslVpnClientCerts. */
const STATUSES = ['normal', 'expiring-soon', 'expired'] as const;
export const statusFilter = z.enum(['usable', ...STATUSES]);

/** Times are ISO 8601 in UTC. */
export const certificate = certificateRef.extend({
  server_name: z.string().optional(),
  status: z.string(),
  created_at: z.string(),
  expires_at: z.string(),
  days_left: z.number().int(),
});
export type Certificate = z.infer<typeof certificate>;

export const nextSteps = z.array(z.string());

/** Names of the service are up to 128 characters long; a hostile one has no end. */
export const MAX_NAME = 256;

export const DAY_MS = 86_400_000;
const EXPIRING_SOON_MS = 7 * DAY_MS;

export function toCertificateRef(cert: CertSummary, regionId: string): z.infer<typeof certificateRef> {
  return {
    ssl_vpn_client_cert_id: cert.SslVpnClientCertId,
    name: visible(cert.Name, MAX_NAME),
    region_id: regionId,
    ssl_vpn_server_id: cert.SslVpnServerId,
  };
}

/** @param now Unix ms */
export function toCertificate(cert: CertSummary, regionId: string, now: number): Certificate {
  return {
    ...toCertificateRef(cert, regionId),
    status: statusOf(cert, now),
    created_at: isoTime(cert.CreateTime),
    expires_at: isoTime(cert.EndTime),
    days_left: Math.floor((cert.EndTime - now) / DAY_MS),
  };
}

type StatusFacts = Pick<CertSummary, 'Status' | 'EndTime' | 'revokedHere'>;

/**
 * Worked out from the time that is left, as the service does it, so that the two cannot contradict each other. A status
 * that the reference does not give is shown as it is; what was revoked here is `revoked`, whatever the service says.
 * @param now Unix ms
 */
export function statusOf({ Status, EndTime, revokedHere }: StatusFacts, now: number): string {
  if (revokedHere === true) return 'revoked';
  if (!STATUSES.some((known) => known === Status)) return visible(Status, MAX_NAME);
  if (EndTime < now) return 'expired';
  return EndTime - now <= EXPIRING_SOON_MS ? 'expiring-soon' : 'normal';
}

/** Whether one can still connect with it. */
export function isUsable(cert: StatusFacts, now: number): boolean {
  return ['normal', 'expiring-soon'].includes(statusOf(cert, now));
}

/** @param time Unix ms; what no date can hold becomes an empty text */
export function isoTime(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().replace(/\.\d+Z$/, 'Z');
}
