import { createHash } from 'node:crypto';
import { z } from 'zod/v3';
import { InvalidArgumentsError } from '../errors/errors.js';
import { fix } from '../errors/steps.js';
import { type CertSummary, clientCerts, regions } from '../vpc/actions.js';
import { expectServer } from './elsewhere.js';
import { failedRegions, inRegions } from './every-region.js';
import { CURSOR, cursor, partOfName, regionIdOrAll, sslVpnServerId } from './parameters.js';
import { certificate, DAY_MS, isUsable, statusFilter, statusOf, toCertificate } from './results.js';
import { defineTool } from './tool.js';
import { serverNames } from './worth-a-try.js';

const DEFAULT_LIMIT = 50;

const input = z
  .object({
    region_id: regionIdOrAll,
    ssl_vpn_server_id: sslVpnServerId.optional(),
    name: partOfName.optional(),
    status: statusFilter.describe('usable: not expired; soon: 7 days; e.g. usable').optional(),
    expires_within_days: z.number().int().min(0).describe('With expired ones, e.g. 30').optional(),
    limit: z.number().int().min(1).max(200).describe(`Default ${DEFAULT_LIMIT}, e.g. 20`).optional(),
    cursor: cursor.optional(),
  })
  .strict();
type Arguments = z.output<typeof input>;

export default defineTool({
  name: 'list_ssl_vpn_client_certs',
  title: 'List VPN certificates',
  description:
    'Finds certificates by name, server, status or expiry, in one region or all; newest first, with expires_within_days by expiry.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  actions: ['DescribeSslVpnClientCerts', 'DescribeSslVpnServers', 'DescribeRegions'],
  input,
  output: z.object({
    certificates: z.array(certificate),
    total_count: z.number().int(),
    next_cursor: z.string().optional(),
    failed_regions: failedRegions.optional(),
  }),
  preview: (args, centralRegion) =>
    args.region_id === 'all'
      ? { request: regions(centralRegion).page(1), followedBy: ['DescribeSslVpnClientCerts', 'DescribeSslVpnServers'] }
      : { request: certsOf(args.region_id, args).page(1), followedBy: ['DescribeSslVpnServers'] },
  async run(args, context) {
    const { found, ...failed } = await inRegions(args.region_id, context, async (regionId, budget) => {
      const certs = await context.vpc.list(certsOf(regionId, args), budget);
      return certs.map((cert) => ({ ...cert, RegionId: regionId }));
    });
    // Only now is the clock known to be right: the service has answered.
    const time = context.now();
    if (found.length === 0) await expectServer(args.region_id, args.ssl_vpn_server_id, context);
    const question = digest(args, failed.failed_regions?.map(({ region_id }) => region_id) ?? []);
    const after = args.cursor === undefined ? undefined : placeOf(args.cursor, question);
    const matching = found.filter(matches(args, time));
    const order = args.expires_within_days === undefined ? NEWEST_FIRST : SOONEST_TO_EXPIRE_FIRST;
    const sorted = matching.sort(order.compare);
    // A cursor is a place in the order, not a count: it holds when certificates before it come or go.
    const rest = sorted.filter((cert) => after === undefined || order.isAfter(cert, after));
    const shown = rest.slice(0, args.limit ?? DEFAULT_LIMIT);
    const names = await serverNames(
      shown.map(({ RegionId }) => RegionId),
      context,
    );
    const last = shown.at(-1);
    const end = last && shown.length < rest.length ? order.place(last) : undefined;
    return {
      certificates: shown.map((cert) => ({
        ...toCertificate(cert, cert.RegionId, time),
        ...(names.has(cert.SslVpnServerId) && { server_name: names.get(cert.SslVpnServerId) }),
      })),
      total_count: matching.length,
      ...(end && { next_cursor: `${end.time}_${end.id}_${question}` }),
      ...failed,
    };
  },
});

function certsOf(regionId: string, args: Arguments) {
  return clientCerts(regionId, { SslVpnServerId: args.ssl_vpn_server_id });
}

function matches(args: Arguments, now: number): (cert: CertSummary) => boolean {
  const latest = args.expires_within_days === undefined ? undefined : now + args.expires_within_days * DAY_MS;
  const name = args.name?.toLowerCase();
  return (cert) =>
    (name === undefined || cert.Name.toLowerCase().includes(name)) &&
    (args.status === undefined ||
      (args.status === 'usable' ? isUsable(cert, now) : statusOf(cert, now) === args.status)) &&
    (latest === undefined || cert.EndTime <= latest);
}

/**
 * What a cursor is good for: another filter has another list, and so have other regions; a page of one would leave gaps
 * in the other.
 */
function digest({ cursor: _cursor, limit: _limit, ...asked }: Arguments, failedRegionIds: string[]): string {
  const { region_id, ssl_vpn_server_id, name, status, expires_within_days } = asked;
  const parts = [
    region_id,
    ssl_vpn_server_id,
    name?.toLowerCase(),
    status,
    expires_within_days,
    failedRegionIds.sort(),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8);
}

type Place = { time: number; id: string };

/** @throws InvalidArgumentsError where the cursor is of another list */
function placeOf(given: string, question: string): Place {
  const [, time, id = '', asked] = CURSOR.exec(given) ?? [];
  if (asked === question) return { time: Number(time), id };
  throw new InvalidArgumentsError(
    [
      'cursor: it belongs to a list with other filters, or for which other regions answered. Accepted: next_cursor with the arguments that it came for.',
    ],
    [fix('Repeat the call without cursor to begin anew, or with the arguments of before.')],
  );
}

/** What a date can hold at most, in Unix ms. */
const MAX_TIME = 8_640_000_000_000_000;

/** The same for every time that comes, so that each place in the order can be written as a cursor. */
function asDate(time: number): number {
  return Math.max(-MAX_TIME, Math.min(MAX_TIME, Math.trunc(time)));
}

const NEWEST_FIRST = orderBy((cert) => cert.CreateTime, -1);
const SOONEST_TO_EXPIRE_FIRST = orderBy((cert) => cert.EndTime, 1);

function orderBy(time: (cert: CertSummary) => number, direction: 1 | -1) {
  const place = (cert: CertSummary): Place => ({ time: asDate(time(cert)), id: cert.SslVpnClientCertId });
  const compare = (a: Place, b: Place): number =>
    (a.time - b.time) * direction || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  return {
    place,
    compare: (a: CertSummary, b: CertSummary): number => compare(place(a), place(b)),
    isAfter: (cert: CertSummary, after: Place): boolean => compare(place(cert), after) > 0,
  };
}
