/** The tools in the order in which agents see them. */
import createSslVpnClientCert from './create-ssl-vpn-client-cert.js';
import type { Tool } from './tool.js';

export const TOOLS: readonly Tool[] = [createSslVpnClientCert];
