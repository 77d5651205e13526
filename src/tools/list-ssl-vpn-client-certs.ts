import { z } from 'zod/v3';
import { type CertSummary, clientCerts } from '../vpc/actions.js';
import { cursor, partOfName, regionId, sslVpnServerId } from './parameters.js';
import { certificate, DAY_MS, toCertificate } from './results.js';
import { defineTool } from './tool.js';

const DEFAULT_LIMIT = 50;

const input = z
  .object({
    region_id: regionId,
    ssl_vpn_server_id: sslVpnServerId.optional(),
    name: partOfName.optional(),
    status: z.enum(['normal', 'expiring-soon', 'expired']).describe('Soon is 7 days, e.g. expired').optional(),
    expires_within_days: z.number().int().min(0).max(36_500).describe('Expired ones count too, e.g. 30').optional(),
    limit: z.number().int().min(1).max(200).describe(`Default ${DEFAULT_LIMIT}, e.g. 20`).optional(),
    cursor: cursor.optional(),
  })
  .strict();

export default defineTool({
  name: 'list_ssl_vpn_client_certs',
  title: 'List VPN certificates',
  description:
    'Lists certificates of a region with status, expiry and days left, newest first, or with expires_within_days the soonest to expire. total_count says how many match.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  actions: ['DescribeSslVpnClientCerts'],
  input,
  output: z.object({
    certificates: z.array(certificate),
    total_count: z.number().int(),
    next_cursor: z.string().optional(),
  }),
  preview: (args) => ({ request: certsOf(args).page(1) }),
  async run(args, { vpc, budget, now }) {
    const time = now();
    const all = await vpc.list(certsOf(args), budget);
    const latest = args.expires_within_days === undefined ? undefined : time + args.expires_within_days * DAY_MS;
    const name = args.name?.toLowerCase();
    const matching = all.filter(
      (cert) =>
        (name === undefined || cert.Name.toLowerCase().includes(name)) &&
        (args.status === undefined || cert.Status === args.status) &&
        (latest === undefined || cert.EndTime <= latest),
    );
    const order = latest === undefined ? NEWEST_FIRST : SOONEST_TO_EXPIRE_FIRST;
    const sorted = matching.sort(order.compare);
    // A cursor is a place in the order, not a count: it holds when certificates before it come or go.
    const rest = sorted.filter((cert) => args.cursor === undefined || order.isAfter(cert, args.cursor));
    const shown = rest.slice(0, args.limit ?? DEFAULT_LIMIT);
    const last = shown.at(-1);
    return {
      certificates: shown.map((cert) => toCertificate(cert, args.region_id, time)),
      total_count: matching.length,
      ...(last !== undefined &&
        shown.length < rest.length && { next_cursor: `${order.time(last)}_${last.SslVpnClientCertId}` }),
    };
  },
});

function certsOf(args: z.output<typeof input>) {
  return clientCerts(args.region_id, { SslVpnServerId: args.ssl_vpn_server_id });
}

const NEWEST_FIRST = orderBy((cert) => cert.CreateTime, -1);
const SOONEST_TO_EXPIRE_FIRST = orderBy((cert) => cert.EndTime, 1);

function orderBy(time: (cert: CertSummary) => number, direction: 1 | -1) {
  const compare = (aTime: number, aId: string, bTime: number, bId: string): number =>
    (aTime - bTime) * direction || (aId < bId ? -1 : aId > bId ? 1 : 0);
  return {
    time,
    compare: (a: CertSummary, b: CertSummary): number =>
      compare(time(a), a.SslVpnClientCertId, time(b), b.SslVpnClientCertId),
    isAfter(cert: CertSummary, cursor: string): boolean {
      const at = cursor.indexOf('_');
      return compare(time(cert), cert.SslVpnClientCertId, Number(cursor.slice(0, at)), cursor.slice(at + 1)) > 0;
    },
  };
}
