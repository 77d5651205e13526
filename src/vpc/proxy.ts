/** Which requests go through a proxy: by HTTP_PROXY, HTTPS_PROXY and NO_PROXY as curl reads them. */
/** HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
export type Proxies = { http?: string; https?: string; none?: string };

/**
 * @param origin e.g. https://vpc.aliyuncs.com
 * @returns the proxy's URL, or undefined where the connection is direct, as it always is over plain http, which is
 *   spoken to this machine alone
 */
export function proxyFor(origin: string, { http, https, none = '' }: Proxies): string | undefined {
  const { protocol, hostname, port } = new URL(origin);
  if (protocol === 'http:') return undefined;
  const ownPort = port || '443';
  const exempt = none
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .some((entry) => matches(entry.toLowerCase(), hostname, ownPort));
  if (exempt) return undefined;
  return https ?? http;
}

/** `*`, `host`, `.domain`, `*.domain`, each with or without a port; a host covers its subdomains. */
function matches(entry: string, hostname: string, port: string): boolean {
  if (entry === '*') return true;
  const [, name = '', entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (entryPort !== undefined && entryPort !== port) return false;
  const domain = name.replace(/^\*?\./, '');
  return hostname === domain || hostname.endsWith(`.${domain}`);
}
