import { z } from 'zod/v3';
import { visible } from '../errors/external-text.js';
import { type CertSummary, clientCerts } from '../vpc/actions.js';
import { notRevoked } from '../vpc/deletions.js';
import { expectServer } from './elsewhere.js';
import { regionId, sslVpnServerId } from './parameters.js';
import { DAY_MS, isUsable, MAX_NAME, toCertificate } from './results.js';
import { defineTool } from './tool.js';

const MAX_NAMES = 2_000;
const EXPIRING_DAYS = 30;

const row = z.object({
  name: z.string(),
  ssl_vpn_client_cert_id: z.string(),
  status: z.string(),
  days_left: z.number().int(),
});

const input = z
  .object({
    region_id: regionId,
    ssl_vpn_server_id: sslVpnServerId,
    names: z
      .array(z.string().refine((name) => name !== '' && name.length <= MAX_NAME))
      .min(1)
      .max(MAX_NAMES)
      .describe('All who should have one, e.g. ["zhang.wei"]'),
  })
  .strict();

export default defineTool({
  name: 'compare_ssl_vpn_client_certs',
  title: 'Compare with a staff list',
  description: `Compares a staff list with a server's certificates: who is missing, extra, similar, duplicate, expired or expiring within ${EXPIRING_DAYS} days.`,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  actions: ['DescribeSslVpnClientCerts'],
  input,
  output: z.object({
    missing: z.array(z.string()),
    extra: z.array(row),
    duplicates: z.array(z.object({ name: z.string(), ssl_vpn_client_cert_ids: z.array(z.string()) })),
    expiring: z.array(row),
    expired: z.array(row),
    /** Those with one certificate that lasts. */
    matching_count: z.number().int(),
    /** Names that differ from a certificate's in case or form of Unicode only. */
    similar: z.array(z.object({ name: z.string(), certificate_name: z.string() })).optional(),
  }),
  preview: (args) => ({ request: certsOf(args).page(1) }),
  async run(args, context) {
    const { vpc, budget, now } = context;
    const present = await vpc.list(certsOf(args), budget);
    const certs = notRevoked(present).sort((a, b) => b.EndTime - a.EndTime);
    const time = now();
    if (certs.length === 0) await expectServer(args.region_id, args.ssl_vpn_server_id, context);
    const held = new Map<string, CertSummary[]>();
    for (const cert of certs) held.set(cert.Name, [...(held.get(cert.Name) ?? []), cert]);
    const staff = new Set(args.names);
    const people = [...staff].map((name) => {
      const own = held.get(name) ?? [];
      const usable = own.filter((cert) => isUsable(cert, time));
      return { name: visible(name, MAX_NAME), own, usable, longest: usable[0] };
    });
    const runsOut = ({ EndTime }: CertSummary): boolean => EndTime - time <= EXPIRING_DAYS * DAY_MS;
    const rowOf = (cert: CertSummary): z.infer<typeof row> => {
      const { name, ssl_vpn_client_cert_id, status, days_left } = toCertificate(cert, args.region_id, time);
      return { name, ssl_vpn_client_cert_id, status, days_left };
    };
    const extra = certs.filter(({ Name }) => !staff.has(Name));
    const certNames = new Map(certs.map(({ Name }) => [folded(Name), visible(Name, MAX_NAME)]));
    const missing = people.filter(({ own }) => own.length === 0).map(({ name }) => name);
    const similar = missing.flatMap((name) => {
      const certificate_name = certNames.get(folded(name));
      return certificate_name === undefined ? [] : [{ name, certificate_name }];
    });
    return {
      missing,
      extra: extra.map(rowOf),
      duplicates: people
        .filter(({ usable }) => usable.length > 1)
        .map(({ name, usable }) => ({ name, ssl_vpn_client_cert_ids: usable.map((cert) => cert.SslVpnClientCertId) })),
      expiring: people.flatMap(({ longest }) => (longest !== undefined && runsOut(longest) ? [rowOf(longest)] : [])),
      expired: people.flatMap(({ own: [last], longest }) =>
        last !== undefined && longest === undefined ? [rowOf(last)] : [],
      ),
      matching_count: people.filter(
        ({ usable, longest }) => usable.length === 1 && longest !== undefined && !runsOut(longest),
      ).length,
      ...(similar.length > 0 && { similar }),
    };
  },
});

/** Equal for names that people take for the same. */
function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

function certsOf(args: z.output<typeof input>) {
  return clientCerts(args.region_id, { SslVpnServerId: args.ssl_vpn_server_id });
}
