import { BlockList, isIPv4 } from 'node:net';
import { z } from 'zod/v3';
import { mapConcurrently } from '../concurrency.js';
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
  // Without their names, connections are better than nothing.
  const certs = await worthATry(budget, (share) => vpc.list(clientCerts(regionId, {}), share));
  const byId = new Map(certs.map((cert) => [cert.SslVpnClientCertId, cert]));
  const gatewayIds = [...new Set(servers.map(({ VpnGatewayId }) => VpnGatewayId))];
  const answers = await mapConcurrently(gatewayIds, GATEWAYS_AT_ONCE, (gatewayId) =>
    throughGateway(
      regionId,
      gatewayId,
      servers.filter(({ VpnGatewayId }) => VpnGatewayId === gatewayId),
      byId,
      args,
      context,
    ),
  );
  return answers.flat();
}

async function throughGateway(
  regionId: string,
  gatewayId: string,
  servers: readonly Server[],
  certs: ReadonlyMap<string, CertSummary>,
  args: Arguments,
  { vpc, budget }: ToolContext,
): Promise<Answer[]> {
  const unavailable = (reason: string): Answer => ({
    unavailable: {
      vpn_gateway_id: visible(gatewayId, MAX_NAME),
      region_id: regionId,
      ssl_vpn_server_ids: servers.map(({ SslVpnServerId }) => SslVpnServerId),
      reason,
    },
  });
  const certOf = (client: ConnectedClient): CertSummary | undefined => certs.get(certificateIdOf(client) ?? '');
  const serverIdOf = (client: ConnectedClient): string =>
    certOf(client)?.SslVpnServerId ?? servers.find((server) => isInPool(client, server))?.SslVpnServerId ?? UNKNOWN;
  // A gateway of one server leaves no choice, unless only that one was looked at.
  const only = servers.length === 1 && args.ssl_vpn_server_id === undefined ? servers[0] : undefined;
  try {
    const clients = await vpc.list(sslVpnClients(regionId, gatewayId, serverIdOf), budget);
    const connections = clients.flatMap((client): Answer[] => {
      const id = serverIdOf(client);
      const server = id === UNKNOWN ? only : servers.find(({ SslVpnServerId }) => SslVpnServerId === id);
      return server === undefined ? [] : [{ connection: toConnection(client, certOf(client), server, regionId) }];
    });
    const isComplete = only !== undefined || clients.every((client) => serverIdOf(client) !== UNKNOWN);
    return isComplete ? connections : [...connections, unavailable('The servers of some connections are not known.')];
  } catch (error) {
    const { category, code, message } = explain(error);
    if (!OF_THE_GATEWAY.has(category)) throw error;
    return [unavailable(`${code}: ${message}`)];
  }
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
