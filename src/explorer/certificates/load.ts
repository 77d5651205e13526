/** All certificates everywhere, and who is connected. */
import { makeCall } from '../calls.js';
import type { ToolAnswer } from '../link/mcp.js';
import { type Fields, fieldsOf, listOf, numberOf, textOf } from '../link/values.js';
import type { Page } from '../page.js';

export type Certificate = {
  id: string;
  name: string;
  regionId: string;
  serverId: string;
  serverName: string;
  status: string;
  /** ISO 8601. */
  expiresAt: string;
  daysLeft: number;
};

export type Connection = { certificateId: string; name: string; serverName: string; clientIp: string; since: string };

const PAGE_SIZE = 200;
/** Enough for any account, and an end for a list without one. */
const MAX_PAGES = 50;

/** What is not in the list, and why. */
export type Gap = { where: string; why: string };

export type Connections = { connections: readonly Connection[]; gaps: readonly Gap[] };

/**
 * @param onPage what is there so far, and the regions that did not answer
 * @returns the failure, where there was one
 */
export async function loadCertificates(
  page: Page,
  signal: AbortSignal,
  onPage: (certificates: readonly Certificate[], gaps: readonly Gap[]) => void,
): Promise<ToolAnswer | undefined> {
  let certificates: readonly Certificate[] = [];
  let cursor: string | undefined;
  for (let count = 0; count < MAX_PAGES; count += 1) {
    const args = { region_id: 'all', limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) };
    const answer = await makeCall(page, 'list_ssl_vpn_client_certs', args, { signal });
    if (answer.isError) return answer;
    certificates = [
      ...certificates,
      ...listOf(answer.structured.certificates).map((row) => toCertificate(fieldsOf(row))),
    ];
    onPage(certificates, failedRegions(answer));
    cursor = textOf(answer.structured.next_cursor);
    if (cursor === '') break;
  }
  return undefined;
}

export async function loadConnections(page: Page, signal: AbortSignal): Promise<Connections> {
  if (!page.tools.some(({ name }) => name === 'list_ssl_vpn_connections')) return { connections: [], gaps: [] };
  return toConnections(await makeCall(page, 'list_ssl_vpn_connections', { region_id: 'all' }, { signal }));
}

export function toConnections(answer: ToolAnswer): Connections {
  const connections = listOf(answer.structured.connections).map((row) => {
    const { ssl_vpn_client_cert_id, name, server_name, client_ip, connected_at } = fieldsOf(row);
    return {
      certificateId: textOf(ssl_vpn_client_cert_id),
      name: textOf(name),
      serverName: textOf(server_name),
      clientIp: textOf(client_ip),
      since: textOf(connected_at),
    };
  });
  const silent = listOf(answer.structured.not_available).map((row) => {
    const { vpn_gateway_id, region_id, reason } = fieldsOf(row);
    return { where: `${textOf(vpn_gateway_id)}, ${textOf(region_id)}`, why: textOf(reason) };
  });
  return { connections, gaps: [...failure(answer), ...failedRegions(answer), ...silent] };
}

/** Of the whole call: certificates are worth showing without it. */
function failure({ structured, isError }: ToolAnswer): Gap[] {
  const { code, message } = fieldsOf(structured.error);
  return isError ? [{ where: textOf(code), why: textOf(message) }] : [];
}

function failedRegions({ structured }: ToolAnswer): Gap[] {
  return listOf(structured.failed_regions).map((row) => {
    const { region_id, code, message } = fieldsOf(row);
    return { where: textOf(region_id), why: `${textOf(code)}: ${textOf(message)}` };
  });
}

export function toCertificate(row: Fields): Certificate {
  return {
    id: textOf(row.ssl_vpn_client_cert_id),
    name: textOf(row.name),
    regionId: textOf(row.region_id),
    serverId: textOf(row.ssl_vpn_server_id),
    serverName: textOf(row.server_name) || textOf(row.ssl_vpn_server_id),
    status: textOf(row.status),
    expiresAt: textOf(row.expires_at),
    daysLeft: numberOf(row.days_left),
  };
}
