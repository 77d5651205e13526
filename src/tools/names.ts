/** The tools by name, in the order in which agents see them; apart from index.ts so that reading settings loads no tool. */
export const TOOL_NAMES = [
  'create_ssl_vpn_client_cert',
  'issue_ssl_vpn_client_certs',
  'save_ssl_vpn_client_config',
  'list_ssl_vpn_servers',
  'list_ssl_vpn_client_certs',
  'list_ssl_vpn_connections',
  'compare_ssl_vpn_client_certs',
  'get_ssl_vpn_client_cert',
  'modify_ssl_vpn_client_cert',
  'delete_ssl_vpn_client_cert',
  'revoke_ssl_vpn_client_certs',
  'list_regions',
  'explain_error',
  'preview_api_call',
] as const;

export type ToolName = (typeof TOOL_NAMES)[number];
