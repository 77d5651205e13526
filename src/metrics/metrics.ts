/**
 * What happens, counted for Prometheus. The log tells of it already, so it is counted from there; only what comes from
 * lists of ours becomes a label. Durations have the names of OpenTelemetry's conventions for MCP.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Observe } from '../log.js';
import { TOOL_NAMES } from '../tools/names.js';
import { createRegistry } from './registry.js';

export type Metrics = {
  observe: Observe;
  /** @returns where they are. @throws NodeJS.ErrnoException where the port cannot be used */
  listen(port: number): Promise<string>;
};

/** Seconds, as the conventions give them. */
const BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
const METHODS = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'notifications/initialized',
  'notifications/cancelled',
]);

export function createMetrics(): Metrics {
  const { counter, histogram, gauge, text } = createRegistry();
  const duration = histogram('mcp_server_operation_duration_seconds', 'Requests of MCP', BUCKETS);
  const calls = counter(
    'ssl_vpn_mcp_tool_calls_total',
    'Calls by tool and outcome: ok, asks or the category of the error',
  );
  const attempts = counter('ssl_vpn_mcp_api_attempts_total', 'Requests to the VPC API: ok, throttled or failed');
  const batches = counter('ssl_vpn_mcp_batches_total', 'Calls of batches that were answered');
  const linksMade = counter('ssl_vpn_mcp_links_made_total', 'Links that were handed over');
  const linksUsed = counter('ssl_vpn_mcp_links_used_total', 'Links by which a file was delivered');
  const signIns = counter('ssl_vpn_mcp_sign_ins_refused_total', 'Requests without a token that is accepted');
  const refused = counter('ssl_vpn_mcp_requests_refused_total', 'Requests that were turned away for another reason');
  gauge('process_resident_memory_bytes', 'Resident memory', () => process.memoryUsage.rss());
  gauge('process_cpu_seconds_total', 'User and system time', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  gauge('process_start_time_seconds', 'Start, Unix time', () => (Date.now() - performance.now()) / 1_000);

  const on: Readonly<Record<string, (facts: Readonly<Record<string, unknown>>) => void>> = {
    'tool call'({ tool, ms, outcome, category }) {
      const name = TOOL_NAMES.find((known) => known === tool) ?? 'unknown';
      calls({ tool: name, outcome: String(category ?? outcome) });
      duration(Number(ms) / 1_000, {
        mcp_method_name: 'tools/call',
        gen_ai_tool_name: name,
        gen_ai_operation_name: 'execute_tool',
        network_transport: 'tcp',
        ...(category !== undefined && { error_type: 'tool_error' }),
      });
    },
    request({ method, ms }) {
      if (method === 'tools/call') return;
      const known = typeof method === 'string' && METHODS.has(method) ? method : 'other';
      duration(Number(ms) / 1_000, { mcp_method_name: known, network_transport: 'tcp' });
    },
    call: ({ action }) => attempts({ action: String(action), outcome: 'ok' }),
    'call failed': ({ action, throttled }) =>
      attempts({ action: String(action), outcome: throttled === undefined ? 'failed' : 'throttled' }),
    batch: ({ complete }) => batches({ complete: String(complete) }),
    'link made': () => linksMade(),
    'link used': ({ by }) => linksUsed({ by: String(by) }),
    'sign-in refused': ({ why }) => signIns({ reason: String(why) }),
    refused: ({ why }) => refused({ reason: String(why) }),
  };

  return {
    observe: (message, facts = {}) => on[message]?.(facts),
    async listen(port) {
      const server = createServer(({ method, url, headers }, response) => {
        // A page that was made to point here by its name must not read it.
        const isLocal = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? '');
        if (!isLocal || method !== 'GET' || url !== '/metrics')
          return void response.writeHead(isLocal ? 404 : 403).end();
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text());
      });
      server.listen(port, '127.0.0.1').unref();
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
    },
  };
}
