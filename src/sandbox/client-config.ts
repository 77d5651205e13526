/** The OpenVPN client file of a certificate, which refers to its keys by name, as the service's does. */
import type { SandboxServer } from './model.js';

export function clientConfig(server: SandboxServer, certificateId: string): string {
  return [
    'client',
    'dev tun',
    `proto ${server.Proto.toLowerCase()}`,
    `remote ${server.InternetIp} ${server.Port}`,
    'resolv-retry infinite',
    'nobind',
    'persist-key',
    'persist-tun',
    'ca ca.crt',
    `cert ${certificateId}.crt`,
    `key ${certificateId}.key`,
    'remote-cert-tls server',
    `cipher ${server.Cipher}`,
    'verb 3',
    '',
  ].join('\n');
}
