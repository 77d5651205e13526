/** The file of one row of a batch: written now, or by an earlier call. */
import { configFileName } from '../../files/file-name.js';
import { openFolder } from '../../files/private-folder.js';
import { checkedConfig } from '../../openvpn/config.js';
import { fetchSslVpnClientCert } from '../../vpc/actions.js';
import type { ToolContext } from '../tool.js';

export type RowConfig = { path: string; expiresAt: string; fingerprint: string };

/** @throws whatever a call, a check or the disk can throw; a file that exists counts only if it is what would be written now */
export async function rowConfig(
  region: string,
  id: string,
  { vpc, settings, bounds, now }: ToolContext,
): Promise<RowConfig> {
  const { value } = await vpc.call(fetchSslVpnClientCert(region, id), bounds);
  const config = checkedConfig(value, now());
  const folder = openFolder(settings.outputDir);
  const { path } = await folder.write(configFileName(value.Name, id), config.text, { overwrite: false });
  return { path, expiresAt: config.expiresAt, fingerprint: config.fingerprint };
}
