import { BlockList, isIPv4 } from 'node:net';
import { z } from 'zod/v3';
import type { Budget } from '../budget.js';
import type { Category } from '../errors/catalogue.js';
import { explain } from '../errors/explain.js';
import { visible } from '../errors/external-text.js';
import {
  type CertSummary,
  type ConnectedClient,
  certificateIdOf,
  clientCerts,
  regions,
  type Server,
  sslVpnClients,
  sslVpnServers,
} from '../vpc/actions.js';
import { apart } from './apart.js';
import { expectServer } from './elsewhere.js';
import { failedRegions, inRegions } from './every-region.js';
import { partOfName, regionIdOrAll, sslVpnServerId } from './parameters.js';
import { isoTime, MAX_NAME } from './results.js';
import { defineTool, type ToolContext } from './tool.js';
import { worthATry } from './worth-a-try.js';

const connection = z.object({
  ssl_vpn_client_cert_id: z.string().optional(),
  name: z.string(),
  region_id: z.string(),
  ssl_vpn_server_id: z.string(),
  server_name: z.string(),
  client_ip: z.string(),
  private_ip: z.string(),
  connected_at: z.string(),
  bytes_sent: z.number(),
  bytes_received: z.number(),
});
type Connection = z.infer<typeof connection>;

/** A gateway that does not say who is connected. */
const notAvailable = z.object({
  vpn_gateway_id: z.string(),
  region_id: z.string(),
  ssl_vpn_server_ids: z.array(z.string()),
  reason: z.string(),
});
type Answer = { connection: Connection } | { unavailable: z.infer<typeof notAvailable> };

const input = z
  .object({ region_id: regionIdOrAll, ssl_vpn_server_id: sslVpnServerId.optional(), name: partOfName.optional() })
  .strict();
type Arguments = z.output<typeof input>;

const GATEWAYS_AT_ONCE = 8;
/** A gateway that is too old refuses; the code that it does so with is not documented. */
const OF_THE_GATEWAY: ReadonlySet<Category> = new Set<Category>(['invalid_input', 'not_found', 'conflict']);
const UNKNOWN = '';

export default defineTool({
  name: 'list_ssl_vpn_connections',
  title: 'Show who is connected',
  description:
    'Shows who is connected, since when and from where, in one region or all; not_available lists gateways that cannot tell.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  actions: ['DescribeSslVpnServers', 'DescribeSslVpnClients', 'DescribeSslVpnClientCerts', 'DescribeRegions'],
  input,
  output: z.object({
    connections: z.array(connection),
    not_available: z.array(notAvailable).optional(),
    failed_regions: failedRegions.optional(),
  }),
  preview: (args, centralRegion) => {
    const followedBy = ['DescribeSslVpnClients', 'DescribeSslVpnClientCerts'];
    return args.region_id === 'all'
      ? { request: regions(centralRegion).page(1), followedBy: ['DescribeSslVpnServers', ...followedBy] }
      : { request: serversOf(args.region_id, args).page(1), followedBy };
  },
  async run(args, context) {
    const { found, ...failed } = await inRegions(args.region_id, context, (regionId, budget) =>
      inRegion(regionId, args, { ...context, budget }),
    );
    if (found.length === 0) await expectServer(args.region_id, args.ssl_vpn_server_id, context);
    const name = args.name?.toLowerCase();
    const connections = found
      .flatMap((answer) => ('connection' in answer ? [answer.connection] : []))
      .filter((one) => name === undefined || one.name.toLowerCase().includes(name));
    const unavailable = found.flatMap((answer) => ('unavailable' in answer ? [answer.unavailable] : []));
    return { connections, ...(unavailable.length > 0 && { not_available: unavailable }), ...failed };
  },
});

function serversOf(regionId: string, args: Arguments) {
  return sslVpnServers(regionId, { SslVpnServerId: args.ssl_vpn_server_id });
}

async function inRegion(regionId: string, args: Arguments, context: ToolContext): Promise<Answer[]> {
  const { vpc, budget } = context;
  const servers = await vpc.list(serversOf(regionId, args), budget);
  if (servers.length === 0) return [];
  const certs = await certsById(regionId, args, context);
  const gateways = [...new Set(servers.map(({ VpnGatewayId }) => VpnGatewayId))].map((id) => ({
    id,
    servers: servers.filter(({ VpnGatewayId }) => VpnGatewayId === id),
  }));
  const answers = await apart(gateways, GATEWAYS_AT_ONCE, budget, async (gateway, share) =>
    gateway.id === UNKNOWN
      ? [unavailable(regionId, gateway, 'The service does not say which gateway that is.')]
      : throughGateway(regionId, gateway, certs, args, { ...context, budget: share }),
  );
  const failures = answers.flatMap((answer) => ('error' in answer ? [{ ...answer, ...explain(answer.error) }] : []));
  const [first] = failures;
  const areAlike = failures.length === gateways.length && failures.every(({ code }) => code === first?.code);
  if (first !== undefined && areAlike && !OF_THE_GATEWAY.has(first.category)) throw first.error;
  const told = answers.flatMap((answer) => ('result' in answer ? answer.result : []));
  return [...told, ...failures.map(({ item, code, message }) => unavailable(regionId, item, `${code}: ${message}`))];
}

/** @returns undefined where they cannot be read: without their names, connections are better than nothing, but none can be found by one */
async function certsById(
  regionId: string,
  { name }: Arguments,
  { vpc, budget }: ToolContext,
): Promise<ReadonlyMap<string, CertSummary> | undefined> {
  const read = async (share: Budget) => {
    const certs = await vpc.list(clientCerts(regionId, {}), share);
    return [new Map(certs.map((cert) => [cert.SslVpnClientCertId, cert]))];
  };
  const [byId] = name === undefined ? await worthATry(budget, read) : await read(budget);
  return byId;
}

type GatewayOfServers = { id: string; servers: readonly Server[] };

async function throughGateway(
  regionId: string,
  gateway: GatewayOfServers,
  certs: ReadonlyMap<string, CertSummary> | undefined,
  args: Arguments,
  { vpc, budget }: ToolContext,
): Promise<Answer[]> {
  const { id, servers } = gateway;
  // Also of those that the policy then keeps back.
  const unknown = new Set<ConnectedClient>();
  const resolve = (client: ConnectedClient) => {
    const certId = certificateIdOf(client);
    const cert = certs?.get(certId ?? '');
    // A certificate that is not among those that can be read may be of any server, whatever the address looks like.
    const isOfOthers = certId !== undefined && certs !== undefined && cert === undefined;
    const inPool = isOfOthers ? undefined : servers.find((server) => isInPool(client, server));
    const serverId = cert?.SslVpnServerId ?? inPool?.SslVpnServerId ?? UNKNOWN;
    if (serverId === UNKNOWN) unknown.add(client);
    return { client, cert, serverId, isOfOthers };
  };
  const clients = await vpc.list(
    sslVpnClients(regionId, id, (client) => resolve(client).serverId),
    budget,
  );
  // A gateway of one server leaves no choice, unless only that one was looked at.
  const only = servers.length === 1 && args.ssl_vpn_server_id === undefined ? servers[0] : undefined;
  const connections = clients.map(resolve).flatMap(({ client, cert, serverId, isOfOthers }): Answer[] => {
    const isFree = serverId === UNKNOWN && !isOfOthers;
    const server = isFree ? only : servers.find(({ SslVpnServerId }) => SslVpnServerId === serverId);
    if (server === undefined) return [];
    unknown.delete(client);
    return [{ connection: toConnection(client, cert, server, regionId) }];
  });
  return unknown.size === 0
    ? connections
    : [...connections, unavailable(regionId, gateway, 'The servers of some connections are not known.')];
}

function unavailable(region_id: string, { id, servers }: GatewayOfServers, reason: string): Answer {
  const ssl_vpn_server_ids = servers.map(({ SslVpnServerId }) => SslVpnServerId);
  return { unavailable: { vpn_gateway_id: id, region_id, ssl_vpn_server_ids, reason } };
}

function isInPool({ PrivateIp }: ConnectedClient, { ClientIpPool }: Server): boolean {
  const [, network = '', bits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(ClientIpPool) ?? [];
  if (!isIPv4(network) || !isIPv4(PrivateIp) || Number(bits) > 32) return false;
  const pool = new BlockList();
  pool.addSubnet(network, Number(bits));
  return pool.check(PrivateIp);
}

function toConnection(
  client: ConnectedClient,
  cert: CertSummary | undefined,
  server: Server,
  regionId: string,
): Connection {
  const id = certificateIdOf(client);
  return {
    ...(id !== undefined && { ssl_vpn_client_cert_id: id }),
    name: visible(cert?.Name ?? (id === undefined ? client.CommonName : ''), MAX_NAME),
    region_id: regionId,
    ssl_vpn_server_id: server.SslVpnServerId,
    server_name: visible(server.Name, MAX_NAME),
    client_ip: visible(client.Ip, MAX_NAME),
    private_ip: visible(client.PrivateIp, MAX_NAME),
    connected_at: isoTime(client.ConnectedTime),
    bytes_sent: client.SendBytes,
    bytes_received: client.ReceiveBytes,
  };
}
