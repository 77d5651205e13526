/** The way to the endpoint: its name, TLS, and the service's clock. */
import { lookup } from 'node:dns/promises';
import { connect } from 'node:tls';
import { createBudget } from '../budget.js';
import { ConnectionError } from '../errors/errors.js';
import { connectionError, openHttpPool } from '../vpc/http.js';
import { type Proxies, proxyFor } from '../vpc/proxy.js';
import { httpDate } from '../vpc/response.js';
import { type Check, failed, MAX_MS } from './check.js';

/** Calls are corrected beyond that; a clock that is off so far is worth setting all the same. */
const CLOCK_TOLERANCE_MS = 60_000;

export async function networkChecks(origin: string, proxies: Proxies): Promise<Check[]> {
  const { hostname, host, protocol, port } = new URL(origin);
  const checks: Check[] = [];
  if (proxyFor(origin, proxies) !== undefined) {
    checks.push({ name: 'name_resolution', status: 'ok', detail: `${host}: left to the proxy` });
  } else {
    checks.push(await nameResolution(hostname));
    if (checks[0]?.status === 'ok' && protocol === 'https:') checks.push(await tls(hostname, Number(port || 443)));
  }
  if (checks.some(({ status }) => status === 'failed')) return checks;
  return [...checks, await clock(origin, proxies)];
}

async function nameResolution(hostname: string): Promise<Check> {
  const name = 'name_resolution';
  const budget = createBudget(MAX_MS);
  try {
    const { address } = await budget.race(lookup(hostname.replace(/^\[|\]$/g, '')));
    return { name, status: 'ok', detail: `${hostname} is ${address}` };
  } catch (error) {
    const late = new ConnectionError(`The name server did not answer within ${MAX_MS} ms.`, {
      problem: 'name_lookup',
      host: hostname,
      systemCode: undefined,
      sent: false,
    });
    return failed(name, budget.signal.aborted ? late : connectionError(error, hostname, false));
  } finally {
    budget.close();
  }
}

function tls(hostname: string, port: number): Promise<Check> {
  const name = 'tls';
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port, servername: hostname, timeout: MAX_MS }, () => {
      resolve({ name, status: 'ok', detail: `${socket.getProtocol()} with ${hostname}` });
      socket.destroy();
    });
    const fail = (error: Error): void => {
      resolve(failed(name, connectionError(error, hostname, false)));
      socket.destroy();
    };
    socket.on('error', fail);
    socket.on('timeout', () => fail(Object.assign(new Error(), { code: 'ETIMEDOUT' })));
  });
}

/** Any answer of the service has its date, even the refusal of a request that is not signed. */
async function clock(origin: string, proxies: Proxies): Promise<Check> {
  const name = 'clock';
  const pool = await openHttpPool(proxies, MAX_MS);
  try {
    const { headers } = await pool.send(
      { origin, path: '/', method: 'POST', headers: { accept: 'application/json' } },
      { timeoutMs: MAX_MS },
    );
    const time = httpDate(headers.date);
    if (time === undefined) {
      return {
        name,
        status: 'warning',
        detail: 'the endpoint gives no date',
        remedy: 'Check that the endpoint is that of the VPC API.',
      };
    }
    const offset = time - Date.now();
    const seconds = Math.round(Math.abs(offset) / 1000);
    if (Math.abs(offset) <= CLOCK_TOLERANCE_MS)
      return { name, status: 'ok', detail: `within ${seconds} s of the service` };
    return {
      name,
      status: 'warning',
      detail: `${seconds} s ${offset > 0 ? 'behind' : 'ahead of'} the service; beyond 900 s each call needs a second attempt with the corrected time`,
      remedy: 'Set the clock of this machine, or turn on its time synchronisation.',
    };
  } catch (error) {
    return failed('connection', error);
  } finally {
    await pool.close();
  }
}
