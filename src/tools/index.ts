/** The list of tools. */
import compareSslVpnClientCerts from './compare-ssl-vpn-client-certs.js';
import createSslVpnClientCert from './create-ssl-vpn-client-cert.js';
import deleteSslVpnClientCert from './delete-ssl-vpn-client-cert.js';
import explainError from './explain-error.js';
import getSslVpnClientCert from './get-ssl-vpn-client-cert.js';
import issueSslVpnClientCerts from './issue-ssl-vpn-client-certs.js';
import listRegions from './list-regions.js';
import listSslVpnClientCerts from './list-ssl-vpn-client-certs.js';
import listSslVpnConnections from './list-ssl-vpn-connections.js';
import listSslVpnServers from './list-ssl-vpn-servers.js';
import modifySslVpnClientCert from './modify-ssl-vpn-client-cert.js';
import { previewApiCall } from './preview-api-call.js';
import revokeSslVpnClientCerts from './revoke-ssl-vpn-client-certs.js';
import saveSslVpnClientConfig from './save-ssl-vpn-client-config.js';
import type { Tool } from './tool.js';

const API_TOOLS: readonly Tool[] = [
  createSslVpnClientCert,
  issueSslVpnClientCerts,
  saveSslVpnClientConfig,
  listSslVpnServers,
  listSslVpnClientCerts,
  listSslVpnConnections,
  compareSslVpnClientCerts,
  getSslVpnClientCert,
  modifySslVpnClientCert,
  deleteSslVpnClientCert,
  revokeSslVpnClientCerts,
  listRegions,
];

/** In the order in which agents see them. */
export const TOOLS: readonly Tool[] = [...API_TOOLS, explainError, previewApiCall(API_TOOLS)];
